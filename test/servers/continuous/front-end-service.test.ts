// What passes between a request's arrival and the scheduler's first sight of it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ServerConfig } from "../../../src/servers/continuous/config.ts";
import { ContinuousEngine } from "../../../src/servers/continuous/engine.ts";
import { FrontEnd, type FrontEndCost } from "../../../src/servers/continuous/front-end.ts";
import { serve } from "../../../src/servers/continuous/serve.ts";
import { plainCost } from "../../support/workloads.ts";

interface Arrival {
  readonly at: number;
  readonly promptTokens: number;
}

/** Takes every request through, each as late as it can be known when the next leaves. */
function passedThrough(cost: FrontEndCost, arrivals: readonly Arrival[]): [number, number][] {
  const frontEnd = new FrontEnd(cost);
  const left: [number, number][] = [];
  const takeBefore = (instant: number) => {
    while (frontEnd.nextReady < instant) {
      const ready = frontEnd.nextReady;
      left.push([frontEnd.take(), ready]);
    }
  };
  arrivals.forEach(({ at, promptTokens }, request) => {
    takeBefore(at);
    frontEnd.arrival = at;
    frontEnd.push(request, promptTokens);
    expect(frontEnd.has(request)).toBe(true);
  });
  takeBefore(Infinity);
  return left;
}

/** Processor sharing event by event, each request with its own work that is left. */
function slowly(cost: FrontEndCost, arrivals: readonly Arrival[]): [number, number][] {
  const { cpuSeconds, perPromptToken = 0, latencySeconds = 0 } = cost;
  const left = new Map<number, number>();
  const done: [number, number][] = [];
  let now = 0, next = 0;
  while (next < arrivals.length || left.size > 0) {
    const arrival = next < arrivals.length ? arrivals[next].at : Infinity;
    let first = -1;
    for (const [request, work] of left) if (first < 0 || work < left.get(first)!) first = request;
    const leaves = first < 0 ? Infinity : now + left.get(first)! * left.size;
    const until = Math.min(arrival, leaves);
    for (const [request, work] of left) left.set(request, work - (until - now) / left.size);
    now = until;
    if (leaves <= arrival) {
      left.delete(first);
      done.push([first, now + latencySeconds]);
    } else {
      left.set(next, cpuSeconds + perPromptToken * arrivals[next].promptTokens);
      next++;
    }
  }
  return done;
}

const costs = fc.record({
  cpuSeconds: fc.double({ min: 0.01, max: 1, noNaN: true }),
  latencySeconds: fc.constantFrom(0, 0.3),
  service: fc.constant("shared" as const),
});
/** Gaps of two requests' work at most, and none at all between some. */
const arrivals = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2, noNaN: true })),
    promptTokens: fc.integer({ min: 1, max: 1000 }),
  }),
  { minLength: 1, maxLength: 60, size: "max" },
).map((list) => {
  let at = 0;
  return list.map(({ gap, promptTokens }): Arrival => ({ at: at += gap, promptTokens }));
});

describe("requests that share one CPU", () => {
  test("two at once take twice as long; a third slows the one that is left", () => {
    const cost = { cpuSeconds: 1, latencySeconds: 0.25, service: "shared" } as const;
    const both = passedThrough(cost, [{ at: 0, promptTokens: 1 }, { at: 0, promptTokens: 1 }]);
    expect(both).toEqual([[0, 2.25], [1, 2.25]]);
    // 0.5 done alone, then halves of a second: 0 leaves at 1.5, and 1 does its other half alone.
    const late = passedThrough(cost, [{ at: 0, promptTokens: 1 }, { at: 0.5, promptTokens: 1 }]);
    expect(late).toEqual([[0, 1.75], [1, 2.25]]);
  });

  test("any workload leaves when a simulation of every share says so", () => {
    let overtaken = 0;
    fc.assert(
      fc.property(costs, fc.constantFrom(0, 1e-3), arrivals, (base, perPromptToken, list) => {
        const cost = { ...base, perPromptToken };
        const found = passedThrough(cost, list), expected = slowly(cost, list);
        // Who leaves at one and the same instant may do so in any order.
        const by = (times: readonly [number, number][]) => new Map(times);
        for (const [request, at] of by(expected)) {
          expect(Math.abs(by(found).get(request)! - at)).toBeLessThanOrEqual(1e-9 * (1 + at));
        }
        expect(found.length).toBe(list.length);
        expect(found.every(([, at], i) => i === 0 || at >= found[i - 1][1])).toBe(true);
        overtaken += found.some(([request], i) => i > 0 && request < found[i - 1][0]) ? 1 : 0;
      }),
      { numRuns: 1000 },
    );
    // Longer prompts take longer: the generator must reach requests that overtake.
    expect(overtaken).toBeGreaterThan(100);
  });

  test("with equal work they leave in order of arrival, and no CPU is lost or made", () => {
    fc.assert(
      fc.property(costs, arrivals, (base, list) => {
        const cost = { ...base, latencySeconds: 0 };
        const found = passedThrough(cost, list);
        expect(found.map(([request]) => request)).toEqual(list.map((_, request) => request));
        // A busy period ends when all the work that came in it is done, as it would one by one.
        let end = 0;
        const ends = list.map(({ at }) => end = Math.max(at, end) + cost.cpuSeconds);
        const idle = list.findIndex(({ at }, i) => i > 0 && at > ends[i - 1] * (1 + 1e-9));
        const last = (idle < 0 ? list.length : idle) - 1;
        expect(Math.abs(found[last][1] - ends[last])).toBeLessThanOrEqual(1e-9 * (1 + ends[last]));
        // And nobody waits less than its own work, or more than all the work there is.
        for (const [request, at] of found) {
          expect(at - list[request].at).toBeGreaterThanOrEqual(cost.cpuSeconds * (1 - 1e-9));
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("one by one the next begins when the one before is through", () => {
  const cost = {
    ...{ cpuSeconds: 1, perPromptToken: 0.5, latencySeconds: 0.25 },
    service: "one by one",
  } as const;
  const list = [{ at: 0, promptTokens: 2 }, { at: 0, promptTokens: 1 }, { at: 9, promptTokens: 0 }];
  expect(passedThrough(cost, list)).toEqual([[0, 2.25], [1, 3.75], [2, 10.25]]);
});

test("the server sees requests at the same instants, whether it knows their arrivals or not", () => {
  // A step takes no time: a request is scheduled and ends when the scheduler first sees it.
  const config = ServerConfig.parse({
    ...{ max_model_len: 2000, num_gpu_blocks: 20_000, max_num_batched_tokens: 200_000 },
    async_scheduling: false,
  });
  fc.assert(
    fc.property(costs, fc.constantFrom(0, 1e-3), arrivals, (base, perPromptToken, list) => {
      const frontEnd = { ...base, perPromptToken };
      const cost = { ...plainCost({ base: 0 }), frontEnd };
      const workload = {
        arrival: Float64Array.from(list, ({ at }) => at),
        promptTokens: Int32Array.from(list, ({ promptTokens }) => promptTokens),
        outputTokens: new Int32Array(list.length).fill(1),
      };
      const known = serve(workload, config, { cost });
      const engine = new ContinuousEngine(config, workload, { cost });
      list.forEach(({ at }, request) => {
        while (engine.advance(at) < at);
        engine.submit(request, at);
      });
      while (engine.unfinished > 0) engine.advance(Infinity);
      const expected = new Map(slowly(frontEnd, list));
      for (let request = 0; request < list.length; request++) {
        const at = expected.get(request)!;
        for (const run of [known, engine]) {
          expect(Math.abs(run.scheduled[request] - at)).toBeLessThanOrEqual(1e-9 * (1 + at));
        }
      }
    }),
    { numRuns: 300 },
  );
});
