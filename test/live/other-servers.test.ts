import { afterEach, expect, test } from "vitest";
import { live, type LiveCallbacks } from "../../src/live/live.ts";
import type { LiveOptionsInput } from "../../src/live/live-options.ts";
import { type ScriptedServer, scriptedServer } from "../support/scripted-server.ts";
import { handWorkload } from "../support/workloads.ts";

const STREAMS = new URL("../fixtures/streams/", import.meta.url);
const textOf = (name: string) => Deno.readTextFileSync(new URL(name, STREAMS));

const servers: ScriptedServer[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) await Deno.remove(folder, { recursive: true });
});

interface Kind {
  readonly owner?: string;
  readonly health?: number;
  /** Body of every answer. */
  readonly body: string;
  readonly type?: string;
}

/** A server that gives every request the same answer. */
async function serve({ owner = "vllm", health = 200, body, type = "text/event-stream" }: Kind) {
  const server = await scriptedServer((request, wire) => {
    if (request.path === "/v1/models") {
      return wire.answer(200, JSON.stringify({ data: [{ id: "m", owned_by: owner }] }));
    }
    if (request.path === "/health") return wire.answer(health, "{}");
    if (request.method === "GET" || request.path === "/tokenize") return wire.answer(404, "{}");
    return wire.answer(200, body, { "content-type": type });
  });
  servers.push(server);
  const answered = () => server.requests.filter(({ path }) => path.startsWith("/v1/ch"));
  return { url: server.url, answered };
}

const six = handWorkload({ arrival: [0, 0, 0, 0, 0, 0], promptTokens: [4, 5, 6, 7, 8, 9] });
const run = (url: string, options: Partial<LiveOptionsInput & LiveCallbacks> = {}) =>
  live(six, {
    servers: [url],
    prompt: { endpoint: "chat" },
    scheduler: { policy: "fifo", estimator: "cap" },
    telemetry: null,
    ...options,
  });

test("whole answers count, are not asked for again, and have no TTFT, which is said once", async () => {
  const { url, answered } = await serve({ body: textOf("whole.json"), type: "application/json" });
  const said: string[] = [];
  const result = await run(url, { onWarning: (warning) => said.push(warning) });
  expect([...result.record.counts]).toEqual([6, 0, 0, 0]);
  expect(answered()).toHaveLength(6);
  expect([...result.run.outputTokens]).toEqual(new Array(6).fill(3));
  expect([...result.run.firstToken]).toEqual(new Array(6).fill(NaN));
  result.run.finish.forEach((at, row) => expect(at).toBeGreaterThan(result.run.start[row]));
  const whole = said.filter((warning) => warning.includes("whole and not as a stream"));
  expect(whole).toEqual([expect.stringContaining(`${url} gave 6 of 6 answers`)]);
  expect(result.warnings).toEqual(said);
});

test("tokens that nobody counted are estimated by events, which is said and kept apart", async () => {
  const { url } = await serve({ body: textOf("no-usage.sse") });
  const out = await Deno.makeTempDir();
  folders.push(out);
  const result = await run(url, { out });
  expect([...result.run.outputTokens]).toEqual(new Array(6).fill(2));
  expect(result.record.measured.map((each) => each!.completionTokens)).toEqual(
    new Array(6).fill(null),
  );
  expect(result.warnings).toContainEqual(
    expect.stringMatching(/did not count the tokens of 6 of 6 answers .*estimated by the events/),
  );
  const [header, ...rows] = (await Deno.readTextFile(`${out}/requests.csv`)).trimEnd().split("\n");
  const names = header.split(",");
  for (const row of rows.map((line) => line.split(","))) {
    expect(row[names.indexOf("completion_tokens")]).toBe("");
    expect(row[names.indexOf("estimated_tokens")]).toBe("2");
  }
  // Read back from the journal it is the same run.
  const again = await run(url, { out, resume: true });
  expect([...again.run.outputTokens]).toEqual([...result.run.outputTokens]);
});

test("an error inside a stream fails in the server's words, as often as attempts are allowed", async () => {
  const { url, answered } = await serve({ body: textOf("litellm-error.sse") });
  const result = await run(url, { retry: { attempts: 2, baseSeconds: 0.01 } });
  expect([...result.record.counts]).toEqual([0, 6, 0, 0]);
  expect(answered()).toHaveLength(12);
  expect(result.record.message[0]).toContain("upstream is busy");
});

test("llama.cpp and SGLang are taken, with a warning; others where they are asked for", async () => {
  for (const [owner, file] of [["llamacpp", "llama-cpp-chat"], ["sglang", "sglang-chat"]]) {
    const { url } = await serve({ owner, body: textOf(`${file}.sse`) });
    const result = await run(url);
    expect([...result.record.counts]).toEqual([6, 0, 0, 0]);
    expect(result.warnings).toContainEqual(
      expect.stringContaining(`does not say that it is vLLM (models owned by ${owner})`),
    );
  }
  const ollama = await serve({ owner: "library", health: 404, body: textOf("ollama-chat.sse") });
  await expect(run(ollama.url)).rejects.toThrow(/expected a vLLM server.*--any-server/);
  expect([...(await run(ollama.url, { anyServer: true })).record.counts]).toEqual([6, 0, 0, 0]);
  const body = JSON.parse(ollama.answered()[0].body);
  // Names that every such server knows, and none that it might refuse.
  expect(body).toMatchObject({ max_tokens: 1, stream_options: { include_usage: true } });
  expect(Object.keys(body)).not.toContain("max_completion_tokens");
  expect(Object.keys(body.stream_options)).toEqual(["include_usage"]);
  expect(Object.keys(body)).not.toContain("priority");
});

test("prompts that a template makes longer are said with their mean and the furthest", async () => {
  // The server counts 26 tokens for each prompt, of 4 to 9 in the workload.
  const { url } = await serve({ owner: "llamacpp", body: textOf("ollama-chat.sse") });
  const { warnings } = await run(url);
  expect(warnings).toContainEqual(expect.stringContaining("POST /tokenize"));
  expect(warnings).toContainEqual(
    expect.stringMatching(/6 of 6 differ, by \+19\.5 tokens on average, \+22 at most/),
  );
});

test("a first request that stands out is said at the end", async () => {
  let slow = true;
  const server = await scriptedServer(async (request, wire) => {
    if (request.path === "/v1/models") {
      return wire.answer(200, JSON.stringify({ data: [{ id: "m", owned_by: "vllm" }] }));
    }
    if (request.path === "/health") return wire.answer(200, "");
    if (request.method === "GET" || request.path === "/tokenize") return wire.answer(404, "{}");
    if (slow) await new Promise((resolve) => setTimeout(resolve, 700));
    slow = false;
    return wire.answer(200, textOf("no-usage.sse"), { "content-type": "text/event-stream" });
  });
  servers.push(server);
  const many = handWorkload({ arrival: new Array(20).fill(0) });
  const result = await live(many, {
    servers: [server.url],
    dispatch: { rule: "in-flight", window: 1 },
    scheduler: { policy: "fifo", estimator: "cap" },
    telemetry: null,
  });
  expect(result.warnings).toContainEqual(
    expect.stringMatching(/first requests to .* stand out: the first took 0\.7.* s .*--warm-up N/),
  );
});
