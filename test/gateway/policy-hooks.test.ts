import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DispatchInput } from "../../src/gateway/dispatch.ts";
import { fifo } from "../../src/policies/fifo.ts";
import type { Policy, PolicyDefinition } from "../../src/policies/policy.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { ServerInput } from "../../src/servers/server.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

const TICK = 2 ** -10;
const CONFIG = { max_model_len: 128, num_gpu_blocks: 200, max_num_seqs: 3 };
const SERVER: ServerInput = {
  config: CONFIG,
  cost: plainCost({ base: 3 * TICK }),
};
const STATIC: ServerInput = { batching: "static", cost: plainCost({ base: 5 * TICK }) };

type Hooks = Partial<Pick<Policy, "mayStart" | "served" | "ended">>;

/** FIFO that also does what a test gives it. */
function fifoWith(hooks: Hooks, hearsTokens = false): PolicyDefinition {
  return {
    name: "watched",
    hearsTokens,
    create(view) {
      const inner = fifo.create(view, {});
      return {
        get size() {
          return inner.size;
        },
        push: (request) => inner.push(request),
        pop: (now) => inner.pop(now),
        remove: (request) => inner.remove(request),
        ...hooks,
      };
    },
  };
}

const rows = fc.array(
  fc.record({ gap: fc.constantFrom(0, 1, 2, 30), output: fc.integer({ min: 1, max: 20 }) }),
  { minLength: 1, maxLength: 25 },
);
function workloadOf(list: readonly { readonly gap: number; readonly output: number }[]) {
  let now = 0;
  const workload = handWorkload({
    arrival: list.map(({ gap }) => now += gap * TICK),
    outputTokens: list.map(({ output }) => output),
  });
  const maxTokens = workload.truth.outputTokens;
  return { ...workload, requests: { ...workload.requests, maxTokens } };
}

const RULES: readonly DispatchInput[] = [
  { rule: "in-flight", window: 4 },
  { rule: "micro-batch", maxBatch: 4, idleSeconds: TICK },
  { rule: "micro-batch", maxBatch: 4, windowSeconds: 0, idleSeconds: TICK },
];
const worlds = fc.record({
  rows,
  dispatch: fc.constantFrom(...RULES),
  server: fc.constantFrom([SERVER], [SERVER, SERVER], [SERVER, STATIC, SERVER], [STATIC]),
});

test("an admission of k at a time is never exceeded, and lets everybody in in the end", () => {
  fc.assert(
    fc.property(worlds, fc.integer({ min: 1, max: 5 }), ({ rows, ...world }, most) => {
      let inside = 0;
      const policy = fifoWith({
        mayStart: () => inside < most && ++inside > 0,
        ended: () => void inside--,
      });
      const workload = workloadOf(rows);
      const run = simulate(workload, { ...world, scheduler: { policy } });
      expect(run.status.every((code) => code === 0)).toBe(true);
      expect(inside).toBe(0);
      for (let row = 0; row < run.size; row++) {
        const open = rows.filter((_, other) =>
          run.start[other] <= run.start[row] && run.finish[other] > run.start[row]
        );
        expect(open.length).toBeLessThanOrEqual(most);
      }
    }),
    { numRuns: 300 },
  );
});

test("every token is heard of as it comes, each answer's sum is its length, each end once", () => {
  fc.assert(
    fc.property(worlds, fc.boolean(), ({ rows, ...world }, hearsTokens) => {
      const heard = new Int32Array(rows.length), ends = new Int32Array(rows.length);
      const instants: number[] = [];
      const policy = fifoWith({
        served(request, tokens, now) {
          expect(ends[request], "nothing is served after its end").toBe(0);
          heard[request] += tokens;
          instants.push(now);
        },
        ended: (request) => void ends[request]++,
      }, hearsTokens);
      const workload = workloadOf(rows);
      const run = simulate(workload, { ...world, scheduler: { policy } });
      expect(heard).toEqual(workload.truth.outputTokens);
      expect([...ends]).toEqual(rows.map(() => 1));
      expect(instants).toEqual(instants.toSorted((a, b) => a - b));
      const streamed = [...run.server].every((server) => world.server[server] === SERVER);
      if (!streamed) return;
      const tokens = workload.truth.outputTokens.reduce((sum, count) => sum + count);
      if (hearsTokens) expect(instants.length).toBe(tokens);
      else expect(instants.length).toBe(rows.length);
    }),
    { numRuns: 300 },
  );
});

test("who hears of tokens knows, when asked, all that have come by then, from every server", () => {
  // Two servers, a token each second from the first step's end on; a third request comes at 5.5.
  const second: ServerInput = { ...SERVER, cost: plainCost({ base: 1 }) };
  const counts: number[][] = [];
  const policy: PolicyDefinition = {
    ...fifoWith({}, true),
    create(view) {
      const inner = fifo.create(view, {});
      return Object.assign(Object.create(inner) as Policy, {
        pop(now: number) {
          if (now === 5.5) counts.push([...view.attained]);
          return inner.pop(now);
        },
      });
    },
  };
  const workload = handWorkload({ arrival: [0, 0, 5.5], outputTokens: [9, 7, 1] });
  const maxTokens = workload.truth.outputTokens;
  const config = { ...CONFIG, async_scheduling: false };
  simulate({ ...workload, requests: { ...workload.requests, maxTokens } }, {
    scheduler: { policy },
    dispatch: { rule: "in-flight", window: 2 },
    server: [{ ...second, config }, { ...second, config }],
  });
  expect(counts).toEqual([[5, 5, 0]]);
});

describe("a policy that lets nobody start", () => {
  test.each(RULES)("ends the run with nobody served under %j, and does not hang", (dispatch) => {
    for (const server of [[SERVER], [SERVER, STATIC]]) {
      const run = simulate(workloadOf([{ gap: 1, output: 3 }, { gap: 40, output: 3 }]), {
        scheduler: { policy: fifoWith({ mayStart: () => false }) },
        dispatch,
        server,
      });
      expect([...run.status]).toEqual([1, 1]);
      expect([...run.start]).toEqual([NaN, NaN]);
      expect([...run.server]).toEqual([-1, -1]);
    }
  });
});
