// What a front end with clients of its own asks of the engine: rows that come later, clients that
// leave, and every token.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ServerConfig, type ServerConfigInput } from "../../../src/servers/continuous/config.ts";
import { ContinuousEngine, type EngineOptions } from "../../../src/servers/continuous/engine.ts";
import { EVENT_NAMES } from "../../../src/servers/continuous/event-log.ts";
import {
  CANCELLED,
  COMPLETED,
  OPEN,
  REJECTED,
} from "../../../src/servers/continuous/request-state.ts";
import { identityOf } from "../../../src/servers/continuous/prefix/identity-of.ts";
import { NO_REQUESTS } from "../../../src/servers/continuous/server-requests.ts";
import { plainCost } from "../../support/workloads.ts";
import { THROWAWAY_POLICIES } from "../policies/support/throwaway-policies.ts";
import { DecisionLog } from "./support/decision-log.ts";
import { type RandomServer, randomServer } from "./support/random-server.ts";

/** One second a step, whatever it holds. */
const UNIT = plainCost({ base: 1 });
const SERVER = { max_model_len: 100, num_gpu_blocks: 1000, async_scheduling: false };

type Told = [what: string, request: number, at: number];

function toldBy({ events }: ContinuousEngine): Told[] {
  return Array.from(
    { length: events.size },
    (_, i) => [EVENT_NAMES[events.kind[i]], events.request[i], events.at[i]],
  );
}

/** Runs to `until`, through every finish on the way. */
function advance(engine: ContinuousEngine, until: number): Told[] {
  const told: Told[] = [];
  let reached;
  do {
    reached = engine.advance(until);
    told.push(...toldBy(engine));
  } while (reached < until && engine.unfinished > 0);
  return told;
}

function engineFor(
  rows: readonly (readonly [prompt: number, output: number])[],
  { config = {}, ...options }: Partial<EngineOptions> & { config?: Partial<ServerConfigInput> } =
    {},
): ContinuousEngine {
  const engine = new ContinuousEngine(ServerConfig.parse({ ...SERVER, ...config }), NO_REQUESTS, {
    cost: UNIT,
    ...options,
  });
  for (const [promptTokens, outputTokens] of rows) engine.append({ promptTokens, outputTokens });
  return engine;
}

describe("a client that leaves", () => {
  test("sync: its seat is free when the running step ends, and the step's token is dropped", () => {
    const engine = engineFor([[10, 9], [10, 1]], { tokens: true, config: { max_num_seqs: 1 } });
    engine.submit(0, 0);
    engine.submit(1, 0);
    const told = advance(engine, 2.5);
    expect(engine.abort(0)).toBe(true);
    told.push(...advance(engine, Infinity));
    expect(told).toEqual([
      ["scheduled", 0, 0],
      ["first token", 0, 1],
      ["token", 0, 2],
      ["scheduled", 1, 3],
      ["first token", 1, 4],
      ["finished", 1, 4],
    ]);
    expect([engine.state[0], engine.finish[0], engine.unfinished]).toEqual([CANCELLED, NaN, 0]);
  });

  test("async: the step that is planned already still computes for it, in vain", () => {
    const engine = engineFor([[10, 9], [10, 1]], {
      config: { max_num_seqs: 1, async_scheduling: true },
    });
    engine.submit(0, 0);
    engine.submit(1, 0);
    advance(engine, 2.5);
    // The step from 2 to 3 runs, the one from 3 to 4 is planned.
    engine.abort(0);
    advance(engine, Infinity);
    expect(engine.scheduled[1]).toBe(3);
    expect(engine.finish[1]).toBe(5);
  });

  test("async: with nobody left, who comes next waits for the step in vain, with the others", () => {
    const engine = engineFor([[10, 9], [10, 1], [10, 1]], { config: { async_scheduling: true } });
    engine.submit(0, 0);
    advance(engine, 2.5);
    engine.abort(0);
    engine.submit(1, 3.25);
    engine.submit(2, 3.5);
    advance(engine, Infinity);
    expect([...engine.scheduled.subarray(1, 3)]).toEqual([4, 4]);
    expect([...engine.finish.subarray(1, 3)]).toEqual([5, 5]);
  });

  test("async: who comes before the running step ends is planned with the next, in good time", () => {
    const engine = engineFor([[10, 9], [10, 1]], { config: { async_scheduling: true } });
    engine.submit(0, 0);
    advance(engine, 2.25);
    engine.abort(0);
    engine.submit(1, 2.5);
    advance(engine, Infinity);
    expect([engine.scheduled[1], engine.finish[1]]).toEqual([3, 5]);
  });

  test("one that waits, or is still in the front end, is never served", () => {
    const engine = engineFor([[10, 3], [10, 3], [10, 3]], {
      config: { max_num_seqs: 1 },
      cost: { ...UNIT, perRequest: 0.75 },
    });
    for (const request of [0, 1, 2]) engine.submit(request, 0);
    advance(engine, 2);
    expect([engine.abort(1), engine.abort(2)]).toEqual([true, true]);
    advance(engine, Infinity);
    expect([...engine.state.subarray(0, 3)]).toEqual([COMPLETED, CANCELLED, CANCELLED]);
    expect(engine.due).toBe(Infinity);
  });

  test("one that is over, refused or unknown is nothing to abort", () => {
    const engine = engineFor([[10, 1], [200, 1], [10, 1]]);
    engine.submit(0, 0);
    expect(engine.submit(1, 0)).toBe(false);
    advance(engine, 9);
    expect([0, 1, 2, 3].map((request) => engine.abort(request))).toEqual(Array(4).fill(false));
    expect([...engine.state.subarray(0, 3)]).toEqual([COMPLETED, REJECTED, OPEN]);
  });
});

/** Shares: who leaves, and how long after arrival in mean gaps. */
const departures = fc.array(
  fc.record({
    leaves: fc.boolean(),
    after: fc.noBias(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2, noNaN: true }))),
  }),
  { minLength: 40, maxLength: 40 },
);

/** null: the server's. */
const ownPolicy = fc.oneof(fc.constant(null), fc.constantFrom(...THROWAWAY_POLICIES));

type Departures = readonly { leaves: boolean; after: number }[];

/** Lets every client of `server` come, and some of them go. */
function serveClients(
  { config, workload, cost }: RandomServer,
  leaving: Departures,
  { appends = false, ...options }: Partial<EngineOptions> & { appends?: boolean } = {},
) {
  const { arrival, promptTokens, outputTokens, maxTokens, priority } = workload;
  const log = new DecisionLog();
  const server = ServerConfig.parse(config);
  const engine = new ContinuousEngine(
    server,
    appends ? { ...NO_REQUESTS, identity: identityOf(workload, server) } : workload,
    {
      cost,
      observe: log.observe,
      ...options,
    },
  );
  const happenings = [
    ...Array.from(arrival, (at, request) => ({ at, request, comes: true })),
    ...Array.from(
      arrival,
      (at, request) => ({ at: at + leaving[request].after, request, comes: false }),
    )
      .filter(({ request }) => leaving[request].leaves),
  ].sort((a, b) => a.at - b.at);
  const told: Told[] = [];
  for (const { at, request, comes } of happenings) {
    told.push(...advance(engine, at));
    if (!comes) {
      if (engine.abort(request)) told.push(["left", request, at]);
      continue;
    }
    if (appends) {
      engine.append({
        promptTokens: promptTokens[request],
        outputTokens: outputTokens[request],
        maxTokens: maxTokens![request],
      });
    }
    engine.submit(request, at, priority![request]);
  }
  told.push(...advance(engine, Infinity));
  return { engine, told, decisions: log.lines };
}

function expectSameTold(a: readonly Told[], b: readonly Told[]): void {
  const what = (told: readonly Told[]) => told.map(([kind, request]) => `${kind} ${request}`);
  expect(what(a)).toEqual(what(b));
  const far = a.findIndex(([, , at], i) => !(Math.abs(at - b[i][2]) <= 1e-9 * at));
  expect(far, `instant ${far}`).toBe(-1);
}

test(
  "clients come and go as they like: skipping and stepwise agree, and nothing is held for them",
  () => {
    const seen = { left: 0, preempted: 0 };
    fc.assert(
      fc.property(randomServer, ownPolicy, departures, (given, scheduling_policy, leaving) => {
        const config = { ...given.config, ...scheduling_policy !== null && { scheduling_policy } };
        const server = { ...given, config };
        const stepwise = serveClients(server, leaving, { stepping: "stepwise", series: true });
        const skipping = serveClients(server, leaving, { series: true });
        expect(skipping.decisions).toEqual(stepwise.decisions);
        expectSameTold(skipping.told, stepwise.told);
        for (const name of ["batchSize", "kvBlocks", "queueDepth", "preemptions"] as const) {
          const a = skipping.engine.series![name], b = stepwise.engine.series![name];
          expect(a.value, name).toEqual(b.value);
          expect(a.at.every((at, i) => Math.abs(at - b.at[i]) <= 1e-9 * at), name).toBe(true);
          expect(a.at.every((at, i) => i === 0 || at > a.at[i - 1]), name).toBe(true);
        }
        // Nobody follows this run, so that it runs ahead of finishes.
        const blind = serveClients(server, leaving, { events: false });
        for (const { engine } of [stepwise, skipping, blind]) {
          expect([engine.running, engine.waiting, engine.usedBlocks, engine.unfinished])
            .toEqual([0, 0, 0, 0]);
          expect(engine.state).not.toContain(OPEN);
          expect(engine.state).toEqual(stepwise.engine.state);
        }
        seen.left += skipping.engine.state.includes(CANCELLED) ? 1 : 0;
        seen.preempted += skipping.engine.preemptions.some((count) => count > 0) ? 1 : 0;
      }),
      { numRuns: 500 },
    );
    expect(seen.left).toBeGreaterThan(250);
    expect(seen.preempted).toBeGreaterThan(50);
  },
  300_000,
);

test("rows that come with their requests are served as rows known from the start", () => {
  fc.assert(
    fc.property(randomServer, departures, (server, leaving) => {
      for (const stepping of ["skipping", "stepwise"] as const) {
        const known = serveClients(server, leaving, { stepping });
        const appended = serveClients(server, leaving, { stepping, appends: true });
        expect(appended.decisions).toEqual(known.decisions);
        expect(appended.told).toEqual(known.told);
        expect(appended.engine.size).toBe(known.engine.size);
      }
    }),
    { numRuns: 150 },
  );
}, 300_000);

test("every token is told once, at the end of its step, and telling changes nothing", () => {
  fc.assert(
    fc.property(randomServer, departures, (server, leaving) => {
      const silent = serveClients(server, leaving);
      const skipping = serveClients(server, leaving, { tokens: true });
      const stepwise = serveClients(server, leaving, { tokens: true, stepping: "stepwise" });
      expect(skipping.decisions).toEqual(silent.decisions);
      expectSameTold(skipping.told, stepwise.told);
      const rest = skipping.told.filter(([what]) => what !== "token");
      expect(rest.length).toBe(silent.told.length);
      const tokens = new Int32Array(skipping.engine.size);
      const last = new Float64Array(skipping.engine.size);
      const gone = new Set<number>();
      for (const [what, request, at] of skipping.told) {
        if (what === "left") gone.add(request);
        if (what !== "first token" && what !== "token") continue;
        expect(gone).not.toContain(request);
        tokens[request]++;
        last[request] = at;
      }
      const { state, finish } = skipping.engine;
      for (let request = 0; request < state.length; request++) {
        if (state[request] !== COMPLETED) continue;
        expect(tokens[request]).toBe(server.workload.outputTokens[request]);
        expect(last[request]).toBe(finish[request]);
      }
    }),
    { numRuns: 300 },
  );
}, 300_000);

describe("the prefix cache is emptied", () => {
  /** All prompts are of one text. */
  const content = (count: number) => ({
    offsets: Int32Array.from({ length: count + 1 }, (_, i) => i),
    text: new Int32Array(count),
    tokens: new Int32Array(count).fill(90),
  });
  const cached = (prompts: readonly number[], config: Partial<ServerConfigInput> = {}) => {
    const lengths = {
      promptTokens: Int32Array.from(prompts),
      outputTokens: new Int32Array(prompts.length).fill(2),
      content: content(prompts.length),
    };
    return new ContinuousEngine(
      ServerConfig.parse({ ...SERVER, ...config }),
      lengths,
      { cost: UNIT, tokens: true },
    );
  };
  const answers = (engine: ContinuousEngine, preemptRunning = false) => {
    const got: [boolean, number][] = [];
    engine.resetPrefixCache({ preemptRunning, then: (done, at) => got.push([done, at]) });
    return got;
  };

  test("when nobody runs: at once, and the next prompt finds nothing", () => {
    const engine = cached([40, 40, 40]);
    engine.submit(0, 0);
    advance(engine, 5);
    engine.submit(1, 5);
    advance(engine, 10);
    expect(answers(engine)).toEqual([[true, 7]]);
    engine.submit(2, 10);
    advance(engine, Infinity);
    expect([...engine.cachedTokens.subarray(0, 3)]).toEqual([0, 32, 0]);
  });

  test("while a step runs: when it ends, and not as long as somebody holds a block", () => {
    for (const async_scheduling of [false, true]) {
      const engine = cached([40, 40], { async_scheduling });
      engine.submit(0, 0);
      advance(engine, 0.5);
      const early = answers(engine);
      expect(early).toEqual([]);
      advance(engine, 1.5);
      expect(early).toEqual([[false, 1]]);
      // The answer's second token, and last, comes at 2.
      const late = answers(engine);
      advance(engine, 3);
      expect(late).toEqual([[true, 2]]);
      engine.submit(1, 3);
      advance(engine, Infinity);
      expect(engine.cachedTokens[1]).toBe(0);
    }
  });

  test("without a cache it says the same of who holds blocks", () => {
    const engine = cached([40], { enable_prefix_caching: false });
    engine.submit(0, 0);
    advance(engine, 0.5);
    const early = answers(engine);
    advance(engine, 9);
    expect([early, answers(engine)]).toEqual([[[false, 1]], [[true, 2]]]);
  });

  test.each([
    ["sync: those who run begin anew and keep what they have made", false, 2],
    ["async: their token in flight is lost, which costs a step", true, 3],
  ])("%s", (_, async_scheduling, end) => {
    const engine = cached([40], { async_scheduling });
    engine.submit(0, 0);
    const told = advance(engine, 0.5);
    const done = answers(engine, true);
    told.push(...advance(engine, Infinity));
    expect(done).toEqual([[true, 1]]);
    expect(told).toEqual([
      ["scheduled", 0, 0],
      ["first token", 0, 1],
      ["preempted", 0, 1],
      ["token", 0, end],
      ["finished", 0, end],
    ]);
  });

  test("who waits for it is answered when the last request is gone", () => {
    const engine = cached([40], { async_scheduling: true });
    engine.submit(0, 0);
    advance(engine, 0.5);
    const done = answers(engine, true);
    engine.abort(0);
    expect(done).toEqual([[true, 0.5]]);
  });

  test("whatever runs, skipping and stepwise agree, and every answer is whole", () => {
    const instants = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 4, noNaN: true }),
        preemptRunning: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const seen = { done: 0, refused: 0, preempted: 0 };
    fc.assert(
      fc.property(randomServer, instants, ({ config, workload, cost }, calls) => {
        const run = (stepping: "skipping" | "stepwise") => {
          const engine = new ContinuousEngine(ServerConfig.parse(config), workload, {
            cost,
            stepping,
            tokens: true,
            series: true,
          });
          engine.submitAll(workload.arrival, workload.priority);
          const told: Told[] = [];
          const answered: { done: boolean; at: number }[] = [];
          for (const { at, preemptRunning } of [...calls].sort((a, b) => a.at - b.at)) {
            told.push(...advance(engine, at));
            engine.resetPrefixCache({
              preemptRunning,
              then: (done, at) => answered.push({ done, at }),
            });
          }
          told.push(...advance(engine, Infinity));
          return { engine, told, answered };
        };
        const skipping = run("skipping"), stepwise = run("stepwise");
        expectSameTold(skipping.told, stepwise.told);
        expect(skipping.answered.map(({ done }) => done))
          .toEqual(stepwise.answered.map(({ done }) => done));
        expect(skipping.answered).toHaveLength(calls.length);
        expect(skipping.engine.cachedTokens).toEqual(stepwise.engine.cachedTokens);
        expect(skipping.engine.series!.kvBlocks.value)
          .toEqual(stepwise.engine.series!.kvBlocks.value);
        const tokens = new Int32Array(workload.arrival.length);
        for (const [what, request] of skipping.told) {
          if (what === "first token" || what === "token") tokens[request]++;
        }
        const { state, usedBlocks, preemptions } = skipping.engine;
        expect(usedBlocks).toBe(0);
        for (const [request, made] of tokens.entries()) {
          if (state[request] === COMPLETED) expect(made).toBe(workload.outputTokens[request]);
        }
        for (const { done } of skipping.answered) seen[done ? "done" : "refused"]++;
        seen.preempted += preemptions.some((count) => count > 0) ? 1 : 0;
      }),
      { numRuns: 300 },
    );
    expect(Math.min(seen.done, seen.refused, seen.preempted)).toBeGreaterThan(15);
  }, 300_000);

  test("an engine that does not tell of tokens cannot preempt those who run", () => {
    const engine = engineFor([[10, 3]]);
    expect(() => engine.resetPrefixCache({ preemptRunning: true, then: () => {} }))
      .toThrow(/tokens/);
  });
});

test("a driver that comes back when something is due, and no sooner, misses nothing", () => {
  fc.assert(
    fc.property(randomServer, ({ config, workload, cost }) => {
      const run = (next: (engine: ContinuousEngine) => number) => {
        const engine = new ContinuousEngine(ServerConfig.parse(config), workload, {
          cost,
          tokens: true,
        });
        engine.submitAll(workload.arrival, workload.priority);
        const told: Told[] = [];
        while (engine.unfinished > 0) {
          engine.advance(next(engine));
          told.push(...toldBy(engine));
        }
        return told;
      };
      const eager = run(() => Infinity);
      const punctual = run((engine) => {
        expect(engine.due).toBeLessThan(Infinity);
        // A hair later: a step is planned once nobody can come before it any more.
        return engine.due + 1e-12 * Math.max(engine.due, 1);
      });
      expectSameTold(punctual, eager);
    }),
    { numRuns: 100 },
  );
}, 300_000);

test("the load of a server is the same in both engines at any instant, and adds up", () => {
  const instants = fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { maxLength: 20 });
  fc.assert(
    fc.property(randomServer, instants, ({ config, workload, cost }, looks) => {
      const run = (stepping: "skipping" | "stepwise") => {
        const engine = new ContinuousEngine(ServerConfig.parse(config), workload, {
          cost,
          stepping,
        });
        engine.submitAll(workload.arrival, workload.priority);
        const loads = [];
        for (const until of [...looks].sort((a, b) => a - b)) {
          while (engine.advance(until) < until);
          const load = engine.load();
          expect(load.usedBlocks + load.freeBlocks).toBe(engine.config.num_gpu_blocks - 1);
          expect(load.running + load.waiting).toBeLessThanOrEqual(load.open);
          expect(load.open).toBe(engine.unfinished);
          loads.push(load);
        }
        while (engine.unfinished > 0) engine.advance(Infinity);
        expect(engine.load()).toEqual({
          running: 0,
          waiting: 0,
          usedBlocks: 0,
          freeBlocks: engine.config.num_gpu_blocks - 1,
          open: 0,
        });
        return loads;
      };
      expect(run("skipping")).toEqual(run("stepwise"));
    }),
    { numRuns: 200 },
  );
}, 300_000);
