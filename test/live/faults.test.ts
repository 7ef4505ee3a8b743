import { afterEach, describe, expect, test } from "vitest";
import { live, type LiveResult } from "../../src/live/live.ts";
import type { LiveOptionsInput } from "../../src/live/live-options.ts";
import type { FaultSpecsInput } from "../../src/twin/faults/fault-spec.ts";
import type { GatewayOptionsInput } from "../../src/gateway/gateway-options.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";
import { readJournal } from "../../src/live/journal/read-journal.ts";
import { paperScheduler } from "../../src/paper/scheduler.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { handWorkload } from "../support/workloads.ts";
import { checkLaws } from "./support/journal-laws.ts";

/** Seconds of a running twin's time in a real one. */
const SPEED = 20;
const twins: RunningTwin[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const twin of twins.splice(0)) await twin.stop();
  for (const folder of folders.splice(0)) await Deno.remove(folder, { recursive: true });
});

async function twinWith(
  faults: FaultSpecsInput,
  { seed = 1, running = false } = {},
): Promise<string> {
  const twin = await startTwin({
    seed,
    faults,
    ...running ? { speed: SPEED } : { clock: "virtual" },
  });
  twins.push(twin);
  return twin.url;
}

const ten = handWorkload({
  arrival: Array.from({ length: 10 }, (_, i) => 0.2 * i),
  outputTokens: new Array(10).fill(20),
  outputWords: new Array(10).fill(15),
  promptWords: new Array(10).fill(8),
});

const GATEWAY: GatewayOptionsInput = {
  scheduler: paperScheduler(),
  dispatch: { rule: "in-flight", window: 4 },
  retry: { attempts: 6, baseSeconds: 0.5, maxSeconds: 4 },
  health: { probeSeconds: 1, probeMaxSeconds: 4 },
};
const QUICK: Omit<LiveOptionsInput, "servers"> = {
  ...GATEWAY,
  time: "virtual",
  prompt: { prompts: "token-ids" },
};
/** Real seconds, whatever clock the run has: long enough for a machine that has other things to do. */
const STALLED = { betweenChunksSeconds: 0.8, firstByteSeconds: 1.5 };

function reasonsOf(result: LiveResult): (string | null)[] {
  return [...new Set(result.record.reason)];
}

describe("the first attempt of request 3 and no other suffers, and its second is answered:", () => {
  test.each<[string, FaultSpecsInput[number]]>([
    ["a reset before the headers", { kind: "reset-before-headers", nth: 3 }],
    ["a reset in the stream", { kind: "reset-mid-stream", nth: 3, afterEvents: 4 }],
    ["500", { kind: "status", status: 500, nth: 3 }],
    ["503", { kind: "status", status: 503, nth: 3 }],
    ["429 with Retry-After", { kind: "status", status: 429, retryAfter: 2, nth: 3 }],
    ["a stall before the first byte", { kind: "stall-first-byte", nth: 3, seconds: 1e4 }],
    ["a stall between chunks", { kind: "stall-mid-stream", nth: 3, afterEvents: 5, seconds: 1e4 }],
    ["a stream that ends in an event", { kind: "truncated-event", nth: 3, afterEvents: 6 }],
    ["wrong JSON", { kind: "wrong-json", nth: 3, afterEvents: 2 }],
    ["an error in the stream", { kind: "stream-error", nth: 3, afterEvents: 2 }],
    ["a page of HTML", { kind: "html", nth: 3 }],
  ])("%s", async (_what, fault) => {
    // Only real time ends a stall; a slow machine may then see more than the one.
    const running = fault.kind.startsWith("stall");
    const servers = [await twinWith([fault], { running })];
    const time = running ? { ...STALLED, time: SPEED } : {};
    const { record, run } = await live(ten, { servers, ...QUICK, ...time });
    expect([...record.counts]).toEqual([10, 0, 0, 0]);
    const failures = record.failures.reduce((sum, count) => sum + count);
    expect(record.attempts.reduce((sum, count) => sum + count)).toBe(10 + failures);
    if (running) expect(failures).toBeGreaterThanOrEqual(1);
    else expect(failures).toBe(1);
    // What the first attempt had brought counts nowhere.
    expect([...run.outputTokens]).toEqual(new Array(10).fill(20));
  });
});

test("a stream that ends properly with its finish reason, but without [DONE], is an answer", async () => {
  const servers = [await twinWith([{ kind: "missing-done", nth: 3 }])];
  const { record, run } = await live(ten, { servers, ...QUICK });
  expect([...record.counts]).toEqual([10, 0, 0, 0]);
  expect([...record.attempts]).toEqual(new Array(10).fill(1));
  expect([...run.outputTokens]).toEqual(new Array(10).fill(20));
});

test.each([400, 401, 404] as const)("a request answered with %d is rejected", async (status) => {
  const servers = [await twinWith([{ kind: "status", status, nth: 3 }])];
  const result = await live(ten, { servers, ...QUICK });
  expect([...result.record.counts]).toEqual([9, 0, 1, 0]);
  expect(reasonsOf(result)).toEqual(expect.arrayContaining([null, `http-${status}`]));
});

test("a request that fails each time has failed, with the last reason, after its attempts", async () => {
  const servers = [await twinWith([{ kind: "stream-error", share: 1, afterEvents: 1 }])];
  const result = await live(ten, { servers, ...QUICK, retry: { attempts: 3, baseSeconds: 0.2 } });
  expect([...result.record.counts]).toEqual([0, 10, 0, 0]);
  expect([...result.record.attempts]).toEqual(new Array(10).fill(3));
  expect(reasonsOf(result)).toEqual(["stream-error"]);
});

const workload = paperWorkload({ seed: 4, requests: 120 });

async function journalOf(out: string) {
  return readJournal(await Deno.readFile(`${out}/journal.jsonl`), "journal")!.entries;
}

async function newFolder(): Promise<string> {
  const out = await Deno.makeTempDir();
  folders.push(out);
  return out;
}

test("a server that restarts in mid-run is taken out, probed and taken back", async () => {
  const out = await newFolder();
  const servers = [await twinWith([{ kind: "restart", at: 4, seconds: 6 }])];
  const { record } = await live(workload, { servers, ...QUICK, out });
  expect(record.counts[0]).toBe(120);
  const entries = await journalOf(out);
  const gone = entries.find(({ kind }) => kind === "out")!;
  const back = entries.find(({ kind }) => kind === "in")!;
  expect(gone.at).toBeGreaterThanOrEqual(4);
  // The next probe after the server is up again, at most 4 s later.
  expect(back.at).toBeGreaterThanOrEqual(10);
  expect(back.at).toBeLessThan(14.1);
  checkLaws(workload, entries, { gateway: GATEWAY, servers: 1 });
});

test("while one server is out the other goes on", async () => {
  const out = await newFolder();
  const servers = [
    await twinWith([{ kind: "restart", nth: 10, seconds: 25 }], { running: true }),
    await twinWith([], { running: true }),
  ];
  const { record } = await live(workload, { servers, ...QUICK, time: SPEED, out });
  expect(record.counts[0]).toBe(120);
  const entries = await journalOf(out);
  const gone = entries.find(({ kind }) => kind === "out")!;
  const back = entries.find(({ kind }) => kind === "in")!;
  expect(gone).toMatchObject({ server: 0 });
  const between = entries.filter(({ kind, at }) =>
    kind === "completed" && at > gone.at && at < back.at
  );
  expect(between.length, "answers while it was out").toBeGreaterThan(0);
  checkLaws(workload, entries, { gateway: GATEWAY, servers: 2 });
});

test("with no server left the run gives up and says so of each request", async () => {
  const servers = [await twinWith([{ kind: "restart", at: 1, seconds: 1e5 }])];
  const result = await live(ten, {
    servers,
    ...QUICK,
    health: { giveUpSeconds: 8, probeSeconds: 1 },
  });
  expect(result.record.counts[0] + result.record.counts[1]).toBe(10);
  expect(reasonsOf(result)).toContain("no-server");
});

const EVERY_FAULT: FaultSpecsInput = [
  { kind: "restart", at: 6, seconds: 3 },
  { kind: "refuse", at: 14, seconds: 2 },
  { kind: "reset-before-headers", share: 0.05 },
  { kind: "reset-mid-stream", share: 0.05, afterEvents: 3 },
  { kind: "status", status: 400, share: 0.03 },
  { kind: "status", status: 429, retryAfter: 1, share: 0.03 },
  { kind: "status", status: 500, share: 0.05 },
  { kind: "slow-headers", seconds: 2, nth: 70 },
  { kind: "truncated-event", share: 0.05, afterEvents: 5 },
  { kind: "missing-done", share: 0.05 },
  { kind: "wrong-json", share: 0.05, afterEvents: 4 },
  { kind: "stream-error", share: 0.05, afterEvents: 7 },
];

test.each([1, 2, 3])("under faults of every kind each request ends once, seed %d", async (seed) => {
  const out = await newFolder();
  const servers = [await twinWith(EVERY_FAULT, { seed })];
  const { record } = await live(workload, { servers, ...QUICK, out });
  const entries = await journalOf(out);
  const rebuilt = checkLaws(workload, entries, { gateway: GATEWAY, servers: 1 });
  expect(rebuilt.record).toEqual(record);
  expect(record.counts[0], "most complete").toBeGreaterThan(90);
  expect(record.failures.reduce((sum, count) => sum + count), "faults struck").toBeGreaterThan(10);
});
