import { expect, test } from "vitest";
import { loadPointOf } from "../../src/fidelity/load-point.ts";
import type { RecordedRequests } from "../../src/fidelity/recorded-run.ts";
import type { SimulatedRecording } from "../../src/fidelity/simulate-recording.ts";

/** What became of a request: submitted, first token, finish (seconds), output tokens. */
type Served = readonly [submitted: number, firstToken: number, finish: number, tokens: number];

function loadPoint(served: readonly Served[]) {
  const size = served.length;
  const seconds = (column: 0 | 1 | 2) => Float64Array.from(served, (row) => row[column]);
  const requests: RecordedRequests = {
    size,
    id: served.map((_, row) => String(row)),
    // Arrived long before they were submitted: a benchmark does not see that queue.
    arrival: seconds(0).map((at) => at - 100),
    promptTokens: new Int32Array(size).fill(10),
    outputTokens: Int32Array.from(served, ([, , , tokens]) => tokens),
    priority: new Int32Array(size),
    tier: new Uint8Array(size),
    firstToken: new Float64Array(size),
    finish: new Float64Array(size),
  };
  const run: SimulatedRecording = {
    submitted: seconds(0),
    scheduled: seconds(0),
    firstToken: seconds(1),
    finish: seconds(2),
    preemptions: new Int32Array(size),
    cachedTokens: new Int32Array(size),
    sharedContext: 0,
    most: { sequences: 0, contextTokens: 0, prefillTokens: 0 },
  };
  return loadPointOf(requests, run);
}

test("latencies count from submission, in milliseconds; rates are over the last finish", () => {
  // TTFT 1 s and 2 s, TPOT 1 s and 0.5 s.
  const point = loadPoint([[0, 1, 3, 3], [1, 3, 5, 5]]);
  expect(point).toEqual({
    achieved_req_s: 2 / 5,
    output_tok_s: 8 / 5,
    ttft_p50_ms: 1500,
    ttft_p99_ms: expect.closeTo(1990, 9),
    tpot_p50_ms: 750,
    tpot_p99_ms: expect.closeTo(995, 9),
  });
});

test("an answer of one token has a first token, but no time per output token", () => {
  const several: Served[] = [[0, 1, 3, 3], [1, 3, 5, 5]];
  const { tpot_p50_ms, tpot_p99_ms } = loadPoint(several);
  for (const finish of [2, 2.5]) {
    const mixed = loadPoint([[0, 2, finish, 1], ...several]);
    expect(mixed).toMatchObject({ tpot_p50_ms, tpot_p99_ms, ttft_p50_ms: 2000 });
  }
  expect(loadPoint([[0, 2, 2, 1]])).toMatchObject({ tpot_p50_ms: NaN, ttft_p50_ms: 2000 });
});

test("a request that never finished counts nowhere and hides nobody's numbers", () => {
  const served: Served[] = [[0, 1, 3, 3], [1, 3, 5, 5]];
  const whole = loadPoint(served);
  expect(loadPoint([[0, NaN, NaN, 50], ...served])).toEqual(whole);
  expect(loadPoint([...served, [4, 4.5, NaN, 50]])).toEqual(whole);
  expect(loadPoint([[0, NaN, NaN, 50]]).achieved_req_s).toBeNaN();
});
