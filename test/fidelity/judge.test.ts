import { expect, test } from "vitest";
import type { Compared, Fidelity } from "../../src/fidelity/compare.ts";
import { explainMiss, judgePrediction, runToRun } from "../../src/fidelity/judge.ts";
import type { MachineSpeed } from "../../src/fidelity/predict.ts";
import { readRecordedRequests } from "../../src/fidelity/recorded-run.ts";

/** A comparison with these errors, percent; the rest has none. */
function found(e2e_p50: number, e2e_p99: number, makespan_s: number): Fidelity {
  const off = (error_pct: number): Compared => ({
    measured: 1,
    simulated: 1 + error_pct / 100,
    error_pct,
  });
  return {
    ...{ e2e_mae_pct: 0, e2e_bias_pct: 0, e2e_p90_pct: 0, requests: 1, unfinished: 0 },
    ...{ ttft_p50: off(0), ttft_p99: off(0), tpot_p50: off(0), tpot_p99: off(0) },
    ...{ e2e_p50: off(e2e_p50), e2e_p99: off(e2e_p99), output_tokens_per_s: off(0) },
    makespan_s: off(makespan_s),
  };
}

const machine = (at: Fidelity, p99: readonly [number, number]): MachineSpeed => ({
  slower_pct: 5,
  at_its_speed: at,
  errors_around: { e2e_p50: [0, 0], e2e_p99: p99, makespan_s: [0, 0] },
});

test("10 % is the bound, or twice the run-to-run difference where that is larger", () => {
  const noise = { e2e_p50: 1, e2e_p99: 8, makespan_s: 0 };
  const judged = judgePrediction({ fidelity: found(-10.1, -15.9, 10), machine: null }, noise);
  expect(judged.map(({ bound_pct }) => bound_pct)).toEqual([10, 16, 10]);
  expect(judged.map(({ within }) => within)).toEqual([false, true, true]);
});

test("the cause of a miss: the machine's own speed, a knife edge, or else the model", () => {
  const causeOf = (speed: MachineSpeed | null) =>
    judgePrediction({ fidelity: found(0, -20, 0), machine: speed })[1].cause;
  expect(causeOf(machine(found(0, -4, 0), [-6, -2]))).toBe("machine");
  expect(causeOf(machine(found(0, -15, 0), [-25, 3]))).toBe("knife edge");
  expect(causeOf(machine(found(0, -15, 0), [-18, -12]))).toBe("model");
  expect(causeOf(null)).toBe("model");
});

test("a miss is explained with its own numbers", () => {
  const speed = machine(found(0, -15, 0), [-25, 3]);
  const fidelity = found(0, -20, 0);
  const [, p99] = judgePrediction({ fidelity, machine: speed });
  expect(explainMiss(p99, { machine: speed })).toBe(
    "the metric depends on a few requests: machines from 2 % faster to 2 % slower than in this run " +
      "give errors from −25.0\u00a0% to +3.0\u00a0%",
  );
  const own = machine(found(0, -4, 0), [-6, -2]);
  const [, missed] = judgePrediction({ fidelity, machine: own });
  expect(explainMiss(missed, { machine: own })).toMatch(
    /5\.0 % slower in this run.*the error is −4\.0\u00a0%/,
  );
});

test("two recordings are compared request by request, each from its own arrival", () => {
  const header = "id,arrival_s,prompt_tokens,output_tokens,first_token_s,finished_s";
  const read = (rows: string[]) =>
    readRecordedRequests([header, ...rows, ""].join("\n"), "x.csv").requests;
  const first = read(["1,0,5,2,1,10", "2,1,5,2,2,11"]);
  // The second run started 3 s later on its clock, and took 10 % longer for both.
  const again = read(["2,4,5,2,5,15", "1,3,5,2,4,14"]);
  const noise = runToRun(first, again);
  expect(noise.e2e_p50).toBeCloseTo(10, 9);
  expect(noise.makespan_s).toBeCloseTo(100 * (12 / 11 - 1), 9);
});
