import { expect, test } from "vitest";
import { highestRate } from "../../../src/fidelity/doubt/highest-rate.ts";
import { ceilingDoubt } from "../../../src/fidelity/doubt/server-doubt.ts";
import { requestsToServe } from "../../../src/fidelity/requests-to-serve.ts";
import { runMetrics } from "../../../src/fidelity/run-metrics.ts";
import { serve } from "../../../src/servers/continuous/serve.ts";
import { serverOf } from "../../../src/servers/server.ts";
import { generateWorkload } from "../../../src/workload/generators/generate-workload.ts";

const requests = requestsToServe(generateWorkload({
  requests: 200,
  streams: [{
    arrivals: { process: "poisson", rate: 2 },
    classes: [{
      prompt: { model: "lognormal", mean: 300, cv: 1 },
      output: { model: "lognormal", mean: 60, cv: 0.7 },
    }],
  }],
}));
const server = serverOf();
const share = { share: 0.9, low: 0.88, high: 0.92, basis: "measured", note: "" } as const;
const doubt = ceilingDoubt({ bandwidth: share, matmul: share }, 256);
const promises = [
  { metric: "ttft_p99", atMost: 0.6 },
  { metric: "tpot_p99", atMost: 0.04 },
] as const;
const options = { promises, doubt, draws: 8 };

/** Whether an own simulation at a rate keeps the promises. */
function keeps(rate: number, cost = server.cost): boolean {
  const { arrival, size } = requests;
  const own = (size - 1) / (arrival[size - 1] - arrival[0]);
  const scaled = { ...requests, arrival: arrival.map((at) => (at - arrival[0]) * own / rate) };
  const metrics = runMetrics(scaled, serve(scaled, server.config, { cost }));
  return promises.every(({ metric, atMost }) => metrics[metric] <= atMost);
}

test("at the rate found the promises are kept, at a few percent more they are not", () => {
  const { rate, low, high, limit } = highestRate(requests, server, { ...options, within: 0.02 });
  expect(keeps(rate)).toBe(true);
  expect(keeps(rate * 1.021)).toBe(false);
  expect(promises.map(({ metric }) => metric)).toContain(limit);
  expect(low).toBeLessThanOrEqual(rate);
  expect(high).toBeGreaterThanOrEqual(rate);
  expect(low).toBeGreaterThan(0.7 * rate);
  expect(high).toBeLessThan(1.4 * rate);
});

test("a server of half the speed keeps promises twice as long at half the rate", () => {
  const { cost } = server;
  const slow = {
    ...server,
    cost: {
      ...cost,
      base: cost.base.map((each) => 2 * each),
      perContextToken: cost.perContextToken.map((each) => 2 * each),
      perPrefillToken: 2 * cost.perPrefillToken,
      perRequest: 2 * cost.perRequest,
    },
  };
  const within = 0.005;
  const longer = promises.map(({ metric, atMost }) => ({ metric, atMost: 2 * atMost }));
  const one = highestRate(requests, server, { ...options, draws: 2, within });
  const two = highestRate(requests, slow, { ...options, draws: 2, within, promises: longer });
  expect(two.rate / one.rate).toBeGreaterThan(0.5 * (1 - 2 * within));
  expect(two.rate / one.rate).toBeLessThan(0.5 * (1 + 2 * within));
});

test("more doubt of the card makes a wider interval around the same rate", () => {
  const wide = { ...share, low: 0.75, high: 1, basis: "assumed" } as const;
  const unsure = ceilingDoubt({ bandwidth: wide, matmul: wide }, 256);
  const known = highestRate(requests, server, options);
  const assumed = highestRate(requests, server, { ...options, doubt: unsure });
  expect(assumed.rate).toBe(known.rate);
  expect(assumed.high - assumed.low).toBeGreaterThan(known.high - known.low);
  expect(assumed.assumed.join()).toMatch(/bandwidth ±/);
  expect(known.assumed.join()).not.toMatch(/bandwidth/);
});

test("a promise that one request alone breaks is kept at no rate", () => {
  const never = [{ metric: "ttft_p99", atMost: 1e-4 }] as const;
  expect(highestRate(requests, server, { ...options, promises: never })).toMatchObject({
    ...{ rate: 0, low: 0, high: 0, limit: "ttft_p99" },
  });
});

test("requests without a rate, and no promise at all, are refused", () => {
  const still = { ...requests, arrival: new Float64Array(requests.size) };
  expect(() => highestRate(still, server, options)).toThrow(/arrival.*two requests/);
  expect(() => highestRate(requests, server, { ...options, promises: [] })).toThrow(/promises/);
});
