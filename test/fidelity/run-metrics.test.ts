import { expect, test } from "vitest";
import { runMetrics } from "../../src/fidelity/run-metrics.ts";

test("the numbers of three requests, by hand: latencies from arrival, TPOT of two tokens or more", () => {
  const found = runMetrics(
    { arrival: Float64Array.of(0, 1, 2), outputTokens: Int32Array.of(1, 5, 3) },
    { firstToken: Float64Array.of(1, 2, 5), finish: Float64Array.of(1, 6, 8) },
  );
  expect(found).toEqual({
    // 1, 1 and 3; the P99 lies 0.98 of the way from the second to the third.
    ttft_p50: 1,
    ttft_p99: expect.closeTo(1 + 0.98 * 2, 12),
    // 1 and 1.5: an answer of one token has none.
    tpot_p50: 1.25,
    tpot_p99: expect.closeTo(1.495, 12),
    // 1, 5 and 6.
    e2e_p50: 5,
    e2e_p99: expect.closeTo(5.98, 12),
    output_tokens_per_s: 9 / 8,
    makespan_s: 8,
  });
});

test("who never finished does not count", () => {
  const found = runMetrics(
    { arrival: Float64Array.of(0, 0), outputTokens: Int32Array.of(2, 2) },
    { firstToken: Float64Array.of(1, 3), finish: Float64Array.of(2, NaN) },
  );
  expect(found).toMatchObject({ ttft_p99: 1, e2e_p50: 2, makespan_s: 2, output_tokens_per_s: 1 });
});
