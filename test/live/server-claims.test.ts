import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { openTrace } from "../../src/files/open-trace.ts";
import { AnswerReader } from "../../src/live/client/answer-reader.ts";
import { live } from "../../src/live/live.ts";
import { summarizeLive } from "../../src/tasks/live.ts";
import { type ScriptedServer, scriptedServer } from "../support/scripted-server.ts";
import { handWorkload } from "../support/workloads.ts";

const servers: ScriptedServer[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) await Deno.remove(folder, { recursive: true });
});

const event = (json: unknown) => `data: ${JSON.stringify(json)}\n\n`;
const token = (usage?: unknown) =>
  event({ choices: [{ index: 0, text: "word ", finish_reason: null }], usage });
const last = (usage: unknown, reason = "length") =>
  event({ choices: [{ index: 0, text: "end", finish_reason: reason }], usage });

/** What a stream comes to, of an answer of 8 tokens at most. */
function read(...events: string[]) {
  const reader = new AnswerReader({ twinInstants: false, maxTokens: 8 });
  reader.feed(new TextEncoder().encode(`${events.join("")}data: [DONE]\n\n`), 1);
  expect(reader.fault).toBeNull();
  return reader.answer();
}

describe("a count that can't be is left out, and said", () => {
  test.each([3_000_000_000, -1, 2.5, "7", 1e300, true, [], {}])("completion_tokens %j", (claim) => {
    const { usage, doubts } = read(token(), last({ prompt_tokens: 3, completion_tokens: claim }));
    expect(usage).toEqual({ promptTokens: 3, completionTokens: null, cachedTokens: null });
    expect(doubts).toEqual(["impossible-count"]);
  });

  test("more than were asked for and than bytes came", () => {
    const answer = read(token(), last({ prompt_tokens: 3, completion_tokens: 1_000_000 }));
    expect([answer.usage!.completionTokens, answer.doubts]).toEqual([null, ["impossible-count"]]);
    // A server that does not keep to max_tokens may have made them.
    const more = read(token(), last({ prompt_tokens: 3, completion_tokens: 20 }));
    expect([more.usage!.completionTokens, more.doubts]).toEqual([20, []]);
  });

  test("a running count that goes down: the largest counts", () => {
    const { usage, doubts } = read(
      token({ prompt_tokens: 3, completion_tokens: 5 }),
      last({ prompt_tokens: 3, completion_tokens: 2 }),
    );
    expect([usage!.completionTokens, doubts]).toEqual([5, ["shrinking-count"]]);
  });

  test("more cached tokens than the prompt has", () => {
    const { usage, doubts } = read(last({
      ...{ prompt_tokens: 3, completion_tokens: 1 },
      prompt_tokens_details: { cached_tokens: 4 },
    }));
    expect([usage!.cachedTokens, doubts]).toEqual([null, ["cached-beyond-prompt"]]);
  });

  test("several choices: the first counts", () => {
    const choices = [0, 1].map((index) => ({ index, text: "a", finish_reason: "stop" }));
    const { doubts, text } = read(
      event({ choices, usage: { prompt_tokens: 1, completion_tokens: 1 } }),
    );
    expect([doubts, text]).toEqual([["several-choices"], "a"]);
  });

  test("a usual answer has no doubts", () => {
    expect(read(token(), last({ prompt_tokens: 3, completion_tokens: 2 })).doubts).toEqual([]);
  });
});

/** A vLLM whose n-th answer is the n-th of these streams. */
async function vllmWith(streams: readonly string[]): Promise<string> {
  let answered = 0;
  const server = await scriptedServer(async (request, wire) => {
    if (request.path === "/v1/models") {
      return wire.answer(200, JSON.stringify({ data: [{ id: "m", owned_by: "vllm" }] }));
    }
    if (request.path === "/health") return wire.answer(200, "");
    if (request.method === "GET" || request.path === "/tokenize") return wire.answer(404, "{}");
    await wire.beginStream();
    await wire.chunk(`${streams[answered++ % streams.length]}data: [DONE]\n\n`);
    await wire.endStream();
  });
  servers.push(server);
  return server.url;
}

async function runAgainst(streams: readonly string[]) {
  const n = streams.length;
  const workload = handWorkload({
    arrival: new Array(n).fill(0),
    promptTokens: new Array(n).fill(5),
  });
  const out = await Deno.makeTempDir();
  folders.push(out);
  const url = await vllmWith(streams);
  const result = await live(workload, {
    ...{ servers: [url], scheduler: { policy: "fifo", estimator: "cap" }, telemetry: null, out },
    dispatch: { rule: "in-flight", window: 1 },
  });
  return { result, out, url };
}

const claim = fc.oneof(
  fc.constantFrom(null, undefined, 0, 1, 7, 2 ** 31 - 1, 2 ** 31, 3e9, -1, -0, 1.5, 1e300),
  fc.constantFrom<unknown>("12", "NaN", true, [], {}, "\u001b[31m"),
  fc.integer({ min: 0, max: 1e10 }),
);
const usage = fc.record({
  prompt_tokens: claim,
  completion_tokens: claim,
  prompt_tokens_details: fc.oneof(
    fc.constant(undefined),
    fc.record({ cached_tokens: claim }),
  ),
});
const stream = fc.tuple(
  fc.array(usage, { maxLength: 4 }),
  usage,
  fc.constantFrom("stop", "length", "because", "\u001b[2J", "x".repeat(10_000)),
).map(([running, final, reason]) =>
  running.map((each) => token(each)).join("") + last(final, reason)
);

test("whatever servers claim, the files of a run are read by our own readers", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stream, { minLength: 6, maxLength: 6 }), async (streams) => {
      // One answer is counted as it should be: a log without any is no trace, which is said.
      const good = token() + last({ prompt_tokens: 5, completion_tokens: 2 });
      const { result, out } = await runAgainst([...streams, good]);
      expect([...result.record.counts]).toEqual([7, 0, 0, 0]);
      for (const tokens of [...result.run.outputTokens, ...result.run.cachedTokens]) {
        expect(tokens).toBeGreaterThanOrEqual(-1);
      }
      for (const file of ["requests.csv", "run.json"]) {
        const { workload } = await openTrace(`${out}/${file}`);
        expect(workload.requests.size).toBeGreaterThan(0);
      }
    }),
    { numRuns: 15 },
  );
}, 60_000);

test("doubts are told once a server, with how many answers they are about", async () => {
  const good = token() + last({ prompt_tokens: 5, completion_tokens: 2 });
  const { result, url } = await runAgainst([
    good,
    token() + last({ prompt_tokens: 5, completion_tokens: 3e9 }),
    token() + last({ prompt_tokens: 5, completion_tokens: -3 }),
    token() + last({ prompt_tokens: 5, completion_tokens: 2 }, "bored\u001b[2J"),
    token() + last({ prompt_tokens: 5, completion_tokens: 100 }),
    good,
  ]);
  const told = (part: string) => result.warnings.filter((warning) => warning.includes(part));
  expect(told("token counts that can't be")).toEqual([
    expect.stringContaining(`${url} gave in 2 of 6 answers`),
  ]);
  expect(told("for reasons that are not known")).toEqual([
    expect.stringContaining(`${url} ended 1 of 6 answers`),
  ]);
  expect(told("for reasons that are not known")[0]).not.toContain("\u001b");
  expect(told("more tokens than it was asked for")).toHaveLength(1);
});

test("where nobody counted and nothing came that could be, the rate of tokens is unknown and not 0", async () => {
  const { result } = await runAgainst([
    event({ choices: [{ index: 0, text: "", finish_reason: "stop" }] }),
  ]);
  expect(result.progress.states.completed).toBe(1);
  expect(summarizeLive(result).output_tokens_per_s).toBeNull();
});
