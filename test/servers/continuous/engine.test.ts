import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ServerConfig, type ServerConfigInput } from "../../../src/servers/continuous/config.ts";
import { ContinuousEngine } from "../../../src/servers/continuous/engine.ts";
import { EVENT_NAMES, FINISHED } from "../../../src/servers/continuous/event-log.ts";
import { COMPLETED, REJECTED } from "../../../src/servers/continuous/request-state.ts";
import { serve } from "../../../src/servers/continuous/serve.ts";
import { STATUSES } from "../../../src/runs/run.ts";
import { randomServer } from "./support/random-server.ts";

/** One second a step, whatever it holds. */
const UNIT = {
  name: "unit",
  source: "test",
  base: new Float64Array(257).fill(1),
  perContextToken: new Float64Array(257),
  perPrefillToken: 0,
  perRequest: 0,
};
const SERVER = { max_model_len: 100, num_gpu_blocks: 1000, async_scheduling: false };

function engineFor(
  rows: readonly (readonly [prompt: number, output: number])[],
  config: Partial<ServerConfigInput> = {},
): ContinuousEngine {
  return new ContinuousEngine(ServerConfig.parse({ ...SERVER, ...config }), {
    promptTokens: Int32Array.from(rows, ([prompt]) => prompt),
    outputTokens: Int32Array.from(rows, ([, output]) => output),
  }, { cost: UNIT });
}

function eventsOf({ events }: ContinuousEngine): [string, number, number][] {
  return Array.from(
    { length: events.size },
    (_, i) => [EVENT_NAMES[events.kind[i]], events.request[i], events.at[i]],
  );
}

test("terminal states have the codes of a run's status column", () => {
  expect([STATUSES[COMPLETED], STATUSES[REJECTED]]).toEqual(["completed", "rejected"]);
});

describe("when an arrival is seen", () => {
  test("sync: at the end of the step in which it came", () => {
    const engine = engineFor([[10, 5], [10, 1]]);
    engine.submit(0, 0);
    engine.advance(0.5);
    engine.submit(1, 0.5);
    engine.advance(Infinity);
    expect(engine.scheduled[1]).toBe(1);
    expect(engine.firstToken[1]).toBe(2);
  });

  test("async: it misses the step that is planned already and runs in the one after", () => {
    const engine = engineFor([[10, 5], [10, 1]], { async_scheduling: true });
    engine.submit(0, 0);
    engine.advance(0.5);
    engine.submit(1, 0.5);
    engine.advance(Infinity);
    // Steps run from 0 to 1 and from 1 to 2; at 1 the one from 2 to 3 is planned.
    expect(engine.scheduled[1]).toBe(1);
    expect(engine.firstToken[1]).toBe(3);
  });

  test.each([true, false])("idle (async %s): at once", (async_scheduling) => {
    const engine = engineFor([[10, 1]], { async_scheduling });
    engine.advance(7);
    engine.submit(0, 7.25);
    expect(engine.advance(Infinity)).toBe(8.25);
    expect(eventsOf(engine)).toEqual([
      ["scheduled", 0, 7.25],
      ["first token", 0, 8.25],
      ["finished", 0, 8.25],
    ]);
  });

  test("an arrival at the very end of a step is in time for the next", () => {
    const { scheduled } = serve(
      {
        arrival: Float64Array.of(0, 3, 5.5),
        promptTokens: Int32Array.of(10, 10, 10),
        outputTokens: Int32Array.of(20, 20, 20),
      },
      SERVER,
      { cost: UNIT },
    );
    expect([...scheduled]).toEqual([0, 3, 6]);
  });
});

test("async: a seat is free from the second step after the one that ended its request", () => {
  const { scheduled, finish } = serve(
    {
      arrival: Float64Array.of(0, 0),
      promptTokens: Int32Array.of(10, 10),
      outputTokens: Int32Array.of(3, 2),
    },
    { ...SERVER, max_num_seqs: 1, async_scheduling: true },
    { cost: UNIT },
  );
  // The step planned while the last token was in flight comes out empty: the loop sleeps 1 ms.
  expect([...finish]).toEqual([3, expect.closeTo(5.001, 12)]);
  expect([...scheduled]).toEqual([0, 3.001]);
});

test("the front end takes requests one after the other, before the scheduler sees them", () => {
  const { scheduled } = serve(
    {
      arrival: Float64Array.of(0, 0, 0),
      promptTokens: Int32Array.of(10, 10, 10),
      outputTokens: Int32Array.of(1, 1, 1),
    },
    SERVER,
    { cost: { ...UNIT, perRequest: 0.25 } },
  );
  expect([...scheduled]).toEqual([0.25, 1.25, 1.25]);
});

test("a request too long for the server is rejected, and the others are served", () => {
  const served = serve(
    {
      arrival: Float64Array.of(0, 0, 0, 0),
      promptTokens: Int32Array.of(90, 100, 0, 90),
      outputTokens: Int32Array.of(10, 1, 5, 5),
      maxTokens: Int32Array.of(10, 1, 5, 11),
    },
    SERVER,
    { cost: UNIT },
  );
  expect([...served.state]).toEqual([COMPLETED, REJECTED, REJECTED, REJECTED]);
  expect([...served.finish]).toEqual([10, NaN, NaN, NaN]);
  expect(engineFor([[100, 1]]).submit(0, 0)).toBe(false);
});

test("a priority that is no whole number is refused", () => {
  const engine = engineFor([[10, 1]], { scheduling_policy: "priority" });
  expect(() => engine.submit(0, 0, 0.5)).toThrow(/whole number/);
});

test("arrivals that go back are refused with their row", () => {
  const workload = {
    arrival: Float64Array.of(0, 2, 1),
    promptTokens: Int32Array.of(1, 1, 1),
    outputTokens: Int32Array.of(1, 1, 1),
  };
  expect(() => serve(workload, SERVER, { cost: UNIT })).toThrow(/row 3, field arrival: got 1/);
});

test("nothing past the instant asked for is told, and asking in pieces changes nothing", () => {
  const cuts = fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { maxLength: 40 });
  fc.assert(
    fc.property(randomServer, cuts, ({ config, workload, cost }, instants) => {
      const run = (untils: number[]) => {
        const engine = new ContinuousEngine(ServerConfig.parse(config), workload, { cost });
        engine.submitAll(workload.arrival, workload.priority);
        const told: [string, number, number][] = [];
        for (const until of [...untils, Infinity]) {
          for (let reached = -1; reached !== until && engine.unfinished > 0;) {
            reached = engine.advance(until);
            for (const event of eventsOf(engine)) {
              expect(event[2]).toBeLessThanOrEqual(until);
              told.push(event);
            }
          }
        }
        return told.map(([kind, request, at]) => `${kind} ${request} ${at.toFixed(9)}`);
      };
      expect(run(instants.sort((a, b) => a - b))).toEqual(run([]));
    }),
    { numRuns: 200 },
  );
}, 300_000);

test("behind a window of open requests skipping and stepwise tell the same events", () => {
  const windows = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(randomServer, windows, ({ config, workload, cost }, window) => {
      const [skipping, stepwise] = (["skipping", "stepwise"] as const).map((stepping) => {
        const engine = new ContinuousEngine(ServerConfig.parse(config), workload, {
          cost,
          stepping,
        });
        const told: [string, number, number][] = [];
        const queue: number[] = [];
        let arrived = 0, open = 0, now = 0;
        while (arrived < workload.arrival.length || open > 0) {
          const next = arrived < workload.arrival.length ? workload.arrival[arrived] : Infinity;
          now = engine.advance(next);
          told.push(...eventsOf(engine));
          for (let i = 0; i < engine.events.size; i++) {
            if (engine.events.kind[i] === FINISHED) open--;
          }
          if (now === next) queue.push(arrived++);
          while (open < window && queue.length > 0) {
            const request = queue.shift()!;
            if (engine.submit(request, now, workload.priority![request])) open++;
          }
        }
        return told;
      });
      expect(skipping.map(([kind, request]) => [kind, request]))
        .toEqual(stepwise.map(([kind, request]) => [kind, request]));
      for (let i = 0; i < skipping.length; i++) {
        const [, , a] = skipping[i], [, , b] = stepwise[i];
        expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * b);
      }
    }),
    { numRuns: 400 },
  );
}, 300_000);

test("series say what the server did, instant by instant", () => {
  const { series } = serve(
    {
      arrival: Float64Array.of(0, 0.5, 0.5),
      promptTokens: Int32Array.of(15, 16, 4),
      outputTokens: Int32Array.of(4, 3, 1),
    },
    { ...SERVER, max_num_seqs: 2 },
    { cost: UNIT, series: true },
  );
  const points = ({ at, value }: { at: Float64Array; value: Float64Array }) =>
    Array.from(at, (instant, i) => [instant, value[i]]);
  // 0 prefills at 0 and decodes to 4; 1 prefills at 1 and decodes to 4; 2 has no seat before 4.
  expect(points(series!.batchSize)).toEqual([[0, 1], [1, 2], [4, 1], [5, 0]]);
  expect(points(series!.queueDepth)).toEqual([[0.5, 2], [1, 1], [4, 0]]);
  // 0 holds one block, and a second for its 17th token at 2; 1 holds one, a second from 2 on.
  expect(points(series!.kvBlocks)).toEqual([[0, 1], [1, 2], [2, 4], [4, 1], [5, 0]]);
  expect(points(series!.preemptions)).toEqual([]);
});
