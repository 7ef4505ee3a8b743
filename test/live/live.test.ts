import { afterEach, describe, expect, test, vi } from "vitest";
import { simulate } from "../../src/paper/simulate.ts";
import { readRunJson } from "../../src/runs/read-run-json.ts";
import { workloadOfRun } from "../../src/runs/workload-of-run.ts";
import { readJournal } from "../../src/live/journal/read-journal.ts";
import { LiveInterrupted } from "../../src/live/live.ts";
import { live } from "../../src/paper/live.ts";
import type { LiveOptionsInput } from "../../src/live/live-options.ts";
import type { RunProgress } from "../../src/runs/run-progress.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";
import type { TwinOptionsInput } from "../../src/twin/options.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { firstRows } from "../../src/workload/transforms/first-rows.ts";
import { handWorkload } from "../support/workloads.ts";
import { checkLaws } from "./support/journal-laws.ts";
import { rowOf, truthOf } from "../../src/twin/workload-truth.ts";

const twins: RunningTwin[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const twin of twins.splice(0)) await twin.stop();
  for (const folder of folders.splice(0)) await Deno.remove(folder, { recursive: true });
});

async function twinOf(options: TwinOptionsInput): Promise<RunningTwin> {
  const twin = await startTwin(options);
  twins.push(twin);
  return twin;
}
async function newFolder(): Promise<string> {
  const folder = await Deno.makeTempDir();
  folders.push(folder);
  return folder;
}

const workload = paperWorkload({ seed: 6, requests: 60 });
const few = firstRows(workload, 8);
const ids = { prompts: "token-ids" } as const;

test.each(["completions", "chat"] as const)(
  "text goes to /v1/%s, and the answers' own words calibrate",
  async (endpoint) => {
    const twin = await twinOf({ clock: "virtual", truth: truthOf(few) });
    const { run, record } = await live(few, {
      servers: [twin.url],
      time: "virtual",
      prompt: { endpoint },
    });
    expect(run.outputTokens).toEqual(few.truth.outputTokens);
    expect(run.actualOutput).toEqual(few.truth.outputWords);
    // Counted by the server, with its own template in a chat.
    const counts = record.measured.map((measured) => measured!.promptTokens! as number);
    const more = endpoint === "chat" ? 1 : 0;
    counts.forEach((count, row) => {
      expect(count).toBeGreaterThanOrEqual(few.requests.promptTokens[row] + more);
    });
  },
);

test("micro-batches: all hand over at once, the next waits for the whole of one, in batch order", async () => {
  const twin = await twinOf({ clock: "virtual", truth: truthOf(workload) });
  const { run } = await live(workload, {
    servers: [twin.url],
    time: "virtual",
    scheduler: { policy: "sjf" },
    dispatch: { rule: "micro-batch", maxBatch: 8 },
    prompt: { ...ids, answerLengths: "server" },
  });
  const batches = Math.max(...run.batch) + 1;
  expect(batches).toBeGreaterThan(5);
  const membersOf = (batch: number) =>
    run.batch.keys().filter((row) => run.batch[row] === batch).toArray();
  let before = 0;
  let learned = 0;
  for (let batch = 0; batch < batches; batch++) {
    const members = membersOf(batch);
    expect(members.length).toBeLessThanOrEqual(8);
    expect(new Set(members.map((row) => run.start[row])).size).toBe(1);
    expect(new Set(members.map((row) => run.finish[row])).size).toBe(1);
    expect(run.start[members[0]]).toBeGreaterThanOrEqual(before);
    before = run.finish[members[0]];
    const places = members.map((row) => run.feedbackPlace[row]).sort((a, b) => a - b);
    expect(places).toEqual(members.map((_, i) => learned + i));
    learned += members.length;
  }
});

test("two servers share the load, each with a window of its own", async () => {
  const [a, b] = [await twinOf({ speed: 20 }), await twinOf({ speed: 20 })];
  const out = await newFolder();
  const gateway = { dispatch: { rule: "in-flight", window: 2 } } as const;
  const { record } = await live(workload, {
    servers: [a.url, `${b.url}=${b.model}`],
    time: 20,
    ...gateway,
    prompt: ids,
    out,
  });
  const shares = [0, 1].map((server) => record.server.filter((each) => each === server).length);
  expect(shares[0] + shares[1]).toBe(60);
  expect(Math.min(...shares)).toBeGreaterThan(15);
  const { entries } = readJournal(await Deno.readFile(`${out}/journal.jsonl`), "journal")!;
  checkLaws(workload, entries, { gateway, servers: 2 });
});

test("a time limit ends the run: each request is completed or cancelled", async () => {
  const twin = await twinOf({ clock: "virtual" });
  const { run, record } = await live(workload, {
    servers: [twin.url],
    time: "virtual",
    dispatch: { rule: "in-flight", window: 4 },
    prompt: ids,
    timeLimitSeconds: 5,
    drainSeconds: 2,
    cooldownSeconds: 3,
  });
  expect(record.counts[0]).toBeGreaterThan(0);
  expect(record.counts[3]).toBeGreaterThan(0);
  expect(record.counts[0] + record.counts[3]).toBe(60);
  expect(Math.max(...run.finish.filter((at) => at >= 0))).toBeLessThanOrEqual(7);
});

test("a warm-up is sent first and counts for nothing", async () => {
  const twin = await twinOf({ speed: 50 });
  const { run } = await live(few, { servers: [twin.url], time: 50, prompt: ids, warmUp: 5 });
  expect(run.size).toBe(8);
  expect((await twin.stop()).requests).toBe(13);
});

test("a twin is warmed up unless it is said otherwise, with prompts of the run's kind", async () => {
  const counts = async (warmUp?: number) => {
    const twin = await twinOf({ speed: 50, truth: truthOf(few) });
    const result = await live(few, { servers: [twin.url], time: 50, warmUp });
    expect(result.run.outputTokens).toEqual(few.truth.outputTokens);
    return (await twin.stop()).requests;
  };
  expect(await counts()).toBe(8 + 8);
  expect(await counts(0)).toBe(8);
});

test("a run that was begun before twins were warmed up can be resumed", async () => {
  const twin = await twinOf({ speed: 50 });
  const out = await newFolder();
  const options: LiveOptionsInput = { servers: [twin.url], time: 50, prompt: ids, out };
  await live(few, { ...options, warmUp: 0 });
  const { sessions } = await live(few, { ...options, resume: true });
  expect(sessions).toBe(1);
});

describe("a trace of lengths in a chat", () => {
  const lengths = handWorkload({
    arrival: [0, 1, 2, 3, 4],
    promptTokens: [30, 200, 57, 999, 3],
    outputTokens: [4, 5, 6, 7, 8],
  });

  test("has the prompts and answers of its lengths; one shorter than the template is said", async () => {
    const twin = await twinOf({ clock: "virtual" });
    const { run, record, warnings } = await live(lengths, {
      servers: [twin.url],
      time: "virtual",
      prompt: { endpoint: "chat" },
      scheduler: { policy: "fifo", estimator: "cap" },
    });
    expect(run.outputTokens).toEqual(lengths.truth.outputTokens);
    const counted = record.measured.map((measured) => measured!.promptTokens);
    expect(counted.slice(0, 4)).toEqual([30, 200, 57, 999]);
    const template = counted[4]! - 1;
    expect(template).toBeGreaterThan(3);
    expect(warnings).toContainEqual(
      `1 of 5 prompts are not longer than the ${template} tokens that ${twin.url} adds to each: ` +
        `they are sent with one word, as ${template + 1} tokens`,
    );
    const mean = ((template + 1 - 3) / 5).toFixed(1);
    expect(warnings).toContainEqual(
      expect.stringContaining(`1 of 5 differ, by +${Number(mean)} tokens on average`),
    );
  });

  test("says nothing of prompts where each has its length", async () => {
    const twin = await twinOf({ clock: "virtual", flags: { enable_prefix_caching: false } });
    const { warnings } = await live(firstRows(lengths, 4), {
      servers: [twin.url],
      time: "virtual",
      prompt: { endpoint: "chat" },
      scheduler: { policy: "fifo", estimator: "cap" },
    });
    expect(warnings).toEqual([]);
  });
});

test("SJF on a trace of lengths is told to have nothing but prompts to go by", async () => {
  const twin = await twinOf({ clock: "virtual" });
  const said: string[] = [];
  const lengths = handWorkload({ arrival: [0, 1, 2], promptTokens: [9, 5, 7] });
  const options: LiveOptionsInput = { servers: [twin.url], time: "virtual" };
  const scheduler = { policy: "sjf", estimator: { options: { counting: "tokenizer" } } } as const;
  const onWarning = (warning: string) => said.push(warning);
  const { warnings } = await live(lengths, { ...options, scheduler, onWarning });
  expect(warnings).toEqual(said);
  expect(said).toContainEqual(
    expect.stringContaining("sjf has nothing but the lengths of prompts"),
  );
});

test("progress tells what goes on, and an abort stops it with a journal that can be resumed", async () => {
  const twin = await twinOf({ clock: "virtual" });
  const out = await newFolder();
  const seen: RunProgress[] = [];
  const stop = new AbortController();
  const options: LiveOptionsInput = {
    servers: [twin.url],
    time: "virtual",
    dispatch: { rule: "in-flight", window: 4 },
    prompt: ids,
    out,
  };
  vi.spyOn(performance, "now").mockImplementation(((last) => () => last += 50)(performance.now()));
  const stopped = live(workload, {
    ...options,
    signal: stop.signal,
    onProgress: (progress) => {
      seen.push(progress);
      if (progress.done >= 20) stop.abort();
    },
  });
  await expect(stopped).rejects.toThrow(LiveInterrupted);
  vi.restoreAllMocks();
  const busy = seen.find(({ inFlight }) => inFlight === 4)!;
  expect(Object.keys(busy.queued)).toEqual(workload.requests.tier.names);
  expect(seen.at(-1)!.meanAbsoluteError).toBeGreaterThan(0);
  expect(seen.at(-1)!.etaSeconds).toBeGreaterThan(0);
  const { progress, sessions } = await live(workload, { ...options, resume: true });
  expect(progress).toMatchObject({ done: 60, inFlight: 0, etaSeconds: 0 });
  expect(sessions).toBe(2);
});

test("a jump of the system's clock is noted, and no measured time sees it", async () => {
  const twin = await twinOf({ speed: 20 });
  const out = await newFolder();
  const { now } = Date;
  let jump = 0;
  vi.spyOn(Date, "now").mockImplementation(() => now() + jump);
  const jumping = setTimeout(() => jump = 3600_000, 300);
  const { run } = await live(workload, {
    servers: [twin.url],
    time: 20,
    dispatch: { rule: "in-flight", window: 8 },
    prompt: ids,
    out,
  });
  clearTimeout(jumping);
  vi.restoreAllMocks();
  expect(Math.max(...run.finish)).toBeLessThan(3000);
  const { entries } = readJournal(await Deno.readFile(`${out}/journal.jsonl`), "journal")!;
  const notes = entries.filter((entry) => entry.kind === "note");
  expect(notes).toContainEqual(
    expect.objectContaining({ what: "wall-clock-jump", seconds: expect.closeTo(3600, 0) }),
  );
});

test("what a server is asked stands in the journal before, as does the answer that made room", async () => {
  const out = await newFolder();
  let asked = 0;
  const twin = await twinOf({
    clock: "virtual",
    truth: (id) => {
      const { entries } = readJournal(Deno.readFileSync(`${out}/journal.jsonl`), "journal")!;
      const sent = entries.filter(({ kind }) => kind === "sent");
      expect(sent.at(-1)).toMatchObject({ request: rowOf(id), attempt: 1 });
      expect(entries.filter(({ kind }) => kind === "completed")).toHaveLength(asked++);
      return undefined;
    },
  });
  const { record } = await live(few, {
    servers: [twin.url],
    time: "virtual",
    dispatch: { rule: "in-flight", window: 1 },
    out,
  });
  expect(record.counts[0]).toBe(8);
  expect(asked).toBe(8);
});

describe("the files of a run are a world again:", () => {
  test("read back, it is the same run, and its workload is served under any policy", async () => {
    const twin = await twinOf({ clock: "virtual", truth: truthOf(workload) });
    const out = await newFolder();
    const dispatch = { rule: "in-flight", window: 8 } as const;
    const { run } = await live(workload, {
      servers: [twin.url],
      time: "virtual",
      dispatch,
      prompt: { ...ids, answerLengths: "server" },
      out,
    });
    const { promptText: _, ...requests } = run.requests;
    const saved = readRunJson(await Deno.readTextFile(`${out}/run.json`), "run.json");
    expect(saved).toEqual({ ...run, requests, provenance: saved.provenance });
    const again = workloadOfRun(saved);
    // What the server made of it is what the simulator is given: the same run comes out.
    const replayed = simulate(again, { dispatch });
    expect(replayed.estimatedOutput).toEqual(run.estimatedOutput);
    expect(replayed.beliefs).toEqual(run.beliefs);
    expect(replayed.feedbackPlace).toEqual(run.feedbackPlace);
    replayed.finish.forEach((at, row) => expect(at).toBeCloseTo(run.finish[row], 8));
    const sjf = simulate(again, { scheduler: { policy: "sjf" }, dispatch });
    expect(sjf.start).not.toEqual(replayed.start);
  });
});

describe("is refused:", () => {
  test.each([
    ["two servers in virtual time", { servers: ["http://a", "http://b"] }, "one server"],
    ["a warm-up in virtual time", { warmUp: 3 }, "0 in virtual time"],
    ["a resume of nothing", { resume: true }, "the folder of the run"],
    [
      "an address with a password",
      { servers: ["http://me:secret@a"] },
      "without user and password",
    ],
  ])("%s", async (_what, options, message) => {
    const run = live(few, { servers: ["http://a"], time: "virtual", ...options });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.not.toThrow("secret");
  });

  test("virtual time with a twin whose time passes by itself", async () => {
    const twin = await twinOf({});
    await expect(live(few, { servers: [twin.url], time: "virtual", prompt: ids }))
      .rejects.toThrow("a twin in virtual time");
  });
});
