import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/live/journal/entry.ts";
import { JournaledGateway } from "../../src/live/journaled-gateway.ts";
import type { GatewayOptionsInput } from "../../src/gateway/gateway-options.ts";
import { paperEstimate } from "../../src/paper/scheduler.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { handWorkload } from "../support/workloads.ts";
import { runFakeWorld } from "./support/fake-world.ts";
import { checkLaws } from "./support/journal-laws.ts";
import { measured } from "./support/measured.ts";

const workload = paperWorkload({ seed: 5, requests: 120 });

const dispatches = fc.oneof(
  fc.record({ rule: fc.constant("in-flight" as const), window: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    rule: fc.constant("micro-batch" as const),
    maxBatch: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({ rule: fc.constant("pass-through" as const) }),
);

test("whatever fails and whenever the process dies, each request ends once", () => {
  fc.assert(
    fc.property(
      fc.record({
        servers: fc.integer({ min: 1, max: 3 }),
        seed: fc.integer({ min: 1, max: 1e6 }),
        faults: fc.constantFrom(0, 0.1, 0.4, 0.9),
        recovers: fc.constantFrom(0.1, 0.8),
        killAfter: fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 3 })
          .map((kills) => kills.sort((a, b) => a - b)),
        gateway: fc.record({
          scheduler: fc.record({
            policy: fc.constantFrom("fifo", "sjf"),
            estimator: fc.constantFrom(
              paperEstimate(),
              paperEstimate({ counting: "tokenizer", learnAgainst: "estimate" }),
              "cap",
            ),
            feedbackOrder: fc.constantFrom("completion", "arrival"),
          }),
          dispatch: dispatches,
          retry: fc.record({ attempts: fc.integer({ min: 1, max: 5 }) }),
          health: fc.record({ giveUpSeconds: fc.constantFrom(1, 120) }),
          timeLimitSeconds: fc.constantFrom(undefined, undefined, 6, 20),
          drainSeconds: fc.constantFrom(0, 0.5, 30),
        }),
      }),
      (options) => {
        const { journal, gateway } = runFakeWorld(
          workload,
          options as Parameters<typeof runFakeWorld>[1],
        );
        const again = checkLaws(workload, journal, {
          gateway: options.gateway as GatewayOptionsInput,
          servers: options.servers,
        });
        // Rebuilt from its journal, the scheduler is the same to the bit.
        expect(again.scheduler.record).toEqual(gateway.scheduler.record);
        expect(again.scheduler.factors()).toEqual(gateway.scheduler.factors());
        expect(again.scheduler.beliefs).toEqual(gateway.scheduler.beliefs);
        expect(again.record).toEqual(gateway.record);
        expect(again.ended).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

test("the same seed and the same faults give the same journal", () => {
  const options = { servers: 2, seed: 9, faults: 0.3, gateway: {} };
  expect(runFakeWorld(workload, options).journal).toEqual(runFakeWorld(workload, options).journal);
});

const three = handWorkload({
  arrival: [0, 0, 0],
  outputTokens: [5, 5, 5],
  outputWords: [4, 4, 4],
  promptWords: [3, 3, 3],
});

function begun(options: GatewayOptionsInput, servers = 1) {
  const gateway = new JournaledGateway(three.requests, { servers, options });
  gateway.begin({ at: 0, epochSeconds: 0 });
  gateway.tick(0);
  const sent = () => gateway.take().commands.filter((each) => each.do === "send");
  const answer = (request: number, at: number, attempt = 1) =>
    gateway.completed(request, attempt, {
      at,
      measured: measured({ lastToken: at, completionTokens: 5, words: 4 }),
    });
  const fail = (
    request: number,
    at: number,
    failure: Parameters<JournaledGateway["failed"]>[2]["failure"],
    attempt = 1,
  ) => gateway.failed(request, attempt, { at, measured: measured({ status: null }), failure });
  return { gateway, sent, answer, fail };
}

describe("a server", () => {
  test("that nobody listens at is out at once, probed, and taken back", () => {
    const { gateway, sent, fail } = begun({ dispatch: { rule: "in-flight", window: 1 } });
    expect(sent().map(({ request }) => request)).toEqual([0]);
    fail(0, 1, { reason: "refused", message: "" });
    gateway.tick(1);
    expect(gateway.take().commands).toEqual([]);
    gateway.tick(1.2);
    expect(gateway.take().commands).toEqual([]);
    gateway.tick(1.6);
    expect(gateway.take().commands).toEqual([{ do: "probe", server: 0 }]);
    gateway.probed(0, 1.6, true);
    gateway.tick(1.7);
    expect(sent()).toHaveLength(1);
  });

  test("that is out leaves the rest to the others", () => {
    const { gateway, sent, fail } = begun({ dispatch: { rule: "in-flight", window: 1 } }, 2);
    expect(sent().map(({ server }) => server)).toEqual([0, 1]);
    fail(0, 1, { reason: "refused", message: "" });
    gateway.completed(1, 1, { at: 1, measured: measured({ lastToken: 1, completionTokens: 1 }) });
    gateway.tick(1);
    expect(sent().map(({ server }) => server)).toEqual([1]);
  });

  test("that fails three times in a row is out, and one success starts the count anew", () => {
    const { gateway, sent, fail, answer } = begun({
      dispatch: { rule: "in-flight", window: 1 },
      retry: { attempts: 9 },
    });
    const again = (at: number) => {
      gateway.tick(at);
      return sent();
    };
    sent();
    fail(0, 1, { reason: "http-500", message: "" }, 1);
    answer(again(1)[0].request, 2);
    for (const at of [10, 20]) {
      const [{ request, attempt }] = again(at);
      fail(request, at, { reason: "http-500", message: "" }, attempt);
    }
    expect(gateway.pool.servers[0].in).toBe(true);
    const [{ request, attempt }] = again(30);
    fail(request, 30, { reason: "http-500", message: "" }, attempt);
    expect(gateway.pool.servers[0].in).toBe(false);
  });

  test("that asks to be left alone (Retry-After) is", () => {
    const { gateway, sent, fail } = begun({ dispatch: { rule: "in-flight", window: 1 } });
    sent();
    fail(0, 1, { reason: "http-429", message: "", retryAfterSeconds: 7 });
    gateway.tick(7.9);
    expect(sent()).toEqual([]);
    expect(gateway.nextTimer(7.9)).toBe(8);
    gateway.tick(8);
    expect(sent()).toHaveLength(1);
  });
});

test("what a server refuses for good is rejected, and what it can't manage fails after its attempts", () => {
  const { gateway, sent, fail, answer } = begun({
    dispatch: { rule: "in-flight", window: 3 },
    retry: { attempts: 2 },
  });
  sent();
  fail(0, 1, { reason: "http-400", message: "too long" });
  fail(1, 1, { reason: "malformed", message: "" });
  answer(2, 1);
  gateway.tick(100);
  expect(sent()).toEqual([expect.objectContaining({ request: 1, attempt: 2 })]);
  fail(1, 101, { reason: "stream-error", message: "out of memory" }, 2);
  gateway.tick(102);
  expect(gateway.ended).toBe(true);
  expect([...gateway.record.status]).toEqual([2, 1, 0]);
  expect(gateway.record.reason).toEqual(["http-400", "stream-error", null]);
});

test("an answer to an attempt that is not open any more is not taken twice", () => {
  const { gateway, sent, fail, answer } = begun({ dispatch: { rule: "in-flight", window: 3 } });
  sent();
  fail(0, 1, { reason: "stalled-between-chunks", message: "" });
  answer(0, 2, 1);
  expect(gateway.record.status[0]).toBe(255);
  gateway.tick(50);
  answer(0, 51, 2);
  answer(0, 52, 2);
  expect(gateway.record.finish[0]).toBe(51);
});

test("at the time limit what waits is cancelled at once, what is open after the drain", () => {
  const { gateway, sent, answer } = begun({
    dispatch: { rule: "in-flight", window: 2 },
    timeLimitSeconds: 10,
    drainSeconds: 5,
  });
  sent();
  gateway.tick(10);
  expect([...gateway.record.status]).toEqual([255, 255, 3]);
  answer(0, 12);
  expect(gateway.nextTimer(12)).toBe(15);
  gateway.tick(15);
  expect(gateway.take().commands).toEqual([{ do: "abort", request: 1, attempt: 1 }]);
  expect([...gateway.record.status]).toEqual([0, 3, 3]);
  expect(gateway.record.reason[1]).toBe("time-limit");
  expect(gateway.ended).toBe(true);
});

test("with a cooldown the run stays on after its last request", () => {
  const { gateway, sent, answer } = begun({ cooldownSeconds: 4 });
  sent();
  for (const request of [0, 1, 2]) answer(request, 1);
  gateway.tick(1);
  expect(gateway.ended).toBe(false);
  expect(gateway.nextTimer(1)).toBe(5);
  gateway.tick(5);
  expect(gateway.ended).toBe(true);
});

test("a journal in which the scheduler would have chosen another request is refused", () => {
  const gateway = new JournaledGateway(three.requests, { servers: 1, options: {} });
  gateway.replay({ kind: "session", at: 0, session: 1, epochSeconds: 0 });
  gateway.replay({ kind: "phase", at: 0, phase: 0 });
  for (const request of [0, 1]) gateway.replay({ kind: "arrived", at: 0, request, late: 0 });
  expect(() => gateway.replay({ kind: "sent", at: 0, request: 1, attempt: 1, server: 0 }))
    .toThrow("the scheduler hands out request 0, and not 1");
});

test.each<[what: string, entry: Entry]>([
  ["no request 3: this run has 3", { kind: "arrived", at: 0, request: 3, late: 0 }],
  ["no request 1000000000", { kind: "arrived", at: 0, request: 1e9, late: 0 }],
  ["no server 7: this run has 1", { kind: "in", at: 0, server: 7 }],
  ["no phase 1: this run has 1", { kind: "phase", at: 0, phase: 1 }],
  ["request 0 arrives next, and not 2", { kind: "arrived", at: 0, request: 2, late: 0 }],
])("a journal that names what the run does not have is refused: %s", (what, entry) => {
  const gateway = new JournaledGateway(three.requests, { servers: 1, options: {} });
  gateway.replay({ kind: "session", at: 0, session: 1, epochSeconds: 0 });
  gateway.replay({ kind: "phase", at: 0, phase: 0 });
  expect(() => gateway.replay(entry)).toThrow(what);
});
