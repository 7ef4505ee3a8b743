import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { drawServers } from "../../../src/fidelity/doubt/draw-servers.ts";
import { holds } from "../../../src/fidelity/doubt/interval-coverage.ts";
import { predictionIntervals } from "../../../src/fidelity/doubt/prediction-intervals.ts";
import type { ServerDoubt } from "../../../src/fidelity/doubt/server-doubt.ts";
import { RUN_METRICS, runMetrics } from "../../../src/fidelity/run-metrics.ts";
import { simulateRecording } from "../../../src/fidelity/simulate-recording.ts";
import { exponential } from "../../../src/random/exponential.ts";
import { substream } from "../../../src/random/substream.ts";
import { serverOf } from "../../../src/servers/server.ts";

const CERTAIN: ServerDoubt = {
  speed: { mean: 0, sd: 0, freedom: Infinity },
  drift: { sd: 0, seconds: 5, kept: 0 },
  scatter: { sd: 0, seconds: 0 },
  stalls: { share: 0, seconds: 0 },
  batches: [{ from: 0, sd: 0 }],
  knownUpTo: 256,
  sharedContext: 0,
  memory: 0,
  context: 0,
  prefill: 0,
  frontEnd: 0,
  assumed: [],
};
const SPEED: ServerDoubt = { ...CERTAIN, speed: { mean: 0, sd: 0.05, freedom: Infinity } };
const ALL: ServerDoubt = {
  speed: { mean: 0.02, sd: 0.04, freedom: 5 },
  drift: { sd: 0.06, seconds: 2, kept: 0.4 },
  scatter: { sd: 0.05, seconds: 0.05 },
  stalls: { share: 0.01, seconds: 0.05 },
  batches: [{ from: 0, sd: 0.03 }, { from: 8, sd: 0.02 }],
  knownUpTo: 256,
  sharedContext: 0,
  memory: 0,
  context: 0.05,
  prefill: 0.1,
  frontEnd: 0.25,
  assumed: [],
};

const server = serverOf({
  config: { max_num_seqs: 8, max_model_len: 2048, num_gpu_blocks: 4000, async_scheduling: false },
});

/** Poisson arrivals at a rate a second: 200 requests of 64 tokens, answers of 100. */
function requestsAt(rate: number) {
  const random = substream(1, "arrivals");
  const size = 200;
  let now = 0;
  const arrival = Float64Array.from({ length: size }, () => now += exponential(random) / rate);
  const all = (value: number) => new Int32Array(size).fill(value);
  return {
    ...{ size, arrival, promptTokens: all(64), outputTokens: all(100) },
    ...{ priority: all(0), tier: new Uint8Array(size) },
  };
}

test("nothing in doubt, nothing but the prediction in the interval", () => {
  const { metrics } = predictionIntervals(requestsAt(3), server, { draws: 4, doubt: CERTAIN });
  for (const metric of RUN_METRICS) {
    const { predicted, low, high } = metrics[metric];
    expect(low, metric).toBeCloseTo(predicted, 9);
    expect(high, metric).toBeCloseTo(predicted, 9);
  }
});

test("a run that never waits for arrivals takes as much longer as the machine is slower", () => {
  const burst = { ...requestsAt(3), arrival: new Float64Array(200) };
  const { metrics: { makespan_s, output_tokens_per_s } } = predictionIntervals(burst, server, {
    doubt: SPEED,
    draws: 200,
  });
  // The 5th and the 95th percentile of a normal distribution lie at ±1.645.
  expect(makespan_s.low / makespan_s.predicted).toBeCloseTo(Math.exp(-1.645 * 0.05), 2);
  expect(makespan_s.high / makespan_s.predicted).toBeCloseTo(Math.exp(1.645 * 0.05), 2);
  expect(output_tokens_per_s.low / output_tokens_per_s.predicted)
    .toBeCloseTo(Math.exp(-1.645 * 0.05), 2);
});

test("near capacity the same doubt of the speed makes intervals more than twice as wide", () => {
  const burst = { ...requestsAt(1), arrival: new Float64Array(200) };
  const { finish } = simulateRecording(burst, server, null);
  const capacity = 200 / Math.max(...finish);
  const width = (load: number) => {
    const { metrics } = predictionIntervals(requestsAt(load * capacity), server, { doubt: SPEED });
    const { predicted, low, high } = metrics.e2e_p99;
    return (high - low) / predicted;
  };
  // Without queues an interval is as wide as that of the speed: 2 · 1.645 · 5 %.
  expect(width(0.2)).toBeCloseTo(0.165, 1);
  expect(width(0.95)).toBeGreaterThan(2 * width(0.2));
});

test("the same seed gives the same bytes, another one others", () => {
  const of = (seed: number) => predictionIntervals(requestsAt(4), server, { seed, doubt: ALL });
  expect(of(1)).toEqual(of(1));
  expect(of(2).metrics.e2e_p99.low).not.toBe(of(1).metrics.e2e_p99.low);
});

test("two servers of one seed share their days: their difference is known better than either", () => {
  const requests = requestsAt(4);
  const sampled = (policy: "fcfs" | "priority") =>
    predictionIntervals(requests, {
      ...server,
      config: { ...server.config, scheduling_policy: policy },
    }, { doubt: ALL }).samples.e2e_p50;
  // With equal priorities both serve alike: so does every pair of draws.
  expect(sampled("priority")).toEqual(sampled("fcfs"));
});

test("of servers as the doubt has them, nine in ten have what was predicted for them", () => {
  const requests = requestsAt(4);
  const { metrics } = predictionIntervals(requests, server, { doubt: ALL, draws: 200 });
  const truths = drawServers(server, { draws: 300, seed: 99, doubt: ALL, horizon: 100 });
  const inside = truths.map(({ server: own, clock }) => {
    const arrival = requests.arrival.map((at) => clock.workAt(at));
    const { firstToken, finish } = simulateRecording({ ...requests, arrival }, own, null);
    const found = runMetrics(requests, {
      firstToken: firstToken.map((at) => clock.instantOf(at)),
      finish: finish.map((at) => clock.instantOf(at)),
    });
    return RUN_METRICS.filter((metric) => holds(metrics[metric], found[metric])).length;
  });
  const share = inside.reduce((sum, each) => sum + each, 0) / (300 * RUN_METRICS.length);
  expect(share).toBeGreaterThan(0.86);
  expect(share).toBeLessThan(0.94);
});

test("what shared blocks cost is not known of a server that was measured without them", () => {
  // One system prompt of 1,024 tokens before every prompt.
  const size = 200;
  const shared = {
    ...requestsAt(4),
    promptTokens: new Int32Array(size).fill(1088),
    content: {
      offsets: Int32Array.from({ length: size + 1 }, (_, i) => i),
      text: new Int32Array(size),
      tokens: new Int32Array(size).fill(1024),
    },
  };
  const tpot = (sharedContext: number) => {
    const { metrics, assumed } = predictionIntervals(shared, server, {
      doubt: { ...CERTAIN, sharedContext },
    });
    return { ...metrics.tpot_p50, assumed };
  };
  const unknown = tpot(0);
  // At most as dear as a sequence's own: the prediction is the highest.
  expect(unknown.high).toBeCloseTo(unknown.predicted, 3);
  expect(unknown.low / unknown.predicted).toBeLessThan(0.99);
  expect(unknown.assumed.join()).toMatch(/shared token of context/);
  const { sharedContext } = simulateRecording(shared, server, null);
  expect(sharedContext).toBeGreaterThan(0.5);
  const known = tpot(sharedContext);
  expect(known.low / known.predicted).toBeCloseTo(1, 6);
  expect(known.assumed).toEqual([]);
});

test("options out of range are refused by name", () => {
  expect(() => predictionIntervals(requestsAt(1), server, { draws: 1 })).toThrow(InputError);
  expect(() => predictionIntervals(requestsAt(1), server, { level: 1 })).toThrow(/field level/);
});
