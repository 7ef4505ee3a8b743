import { expect, test } from "vitest";
import type { ErrorBudget } from "../../src/fidelity/budget/error-budget.ts";
import {
  explainMiss,
  type Judgement,
  judgePrediction,
  runToRun,
} from "../../src/fidelity/judge.ts";
import type { MachineSpeed } from "../../src/fidelity/predict.ts";
import { readRecordedRequests } from "../../src/fidelity/recorded-run.ts";
import { byMetric, RUN_METRICS } from "../../src/fidelity/run-metrics.ts";
import { type HandErrors, handFidelity } from "./support/hand-fidelity.ts";

/** A machine at whose own speed these errors are left, and around it those of the P99. */
const machine = (left: HandErrors, p99: readonly [number, number]): MachineSpeed => ({
  slower_pct: 5,
  at_its_speed: handFidelity(left),
  errors_around: byMetric((metric) => metric === "e2e_p99" ? p99 : [0, 0]),
});
/** A budget by which step times alone leave this error of the P99. */
const withSteps = (left: number) =>
  ({
    metrics: byMetric(() => ({ alone_pct: { "step cost": left } })),
  }) as unknown as ErrorBudget;
const UNKNOWN = "no log";
const p99Of = (judged: readonly Judgement[]) => judged.find(({ metric }) => metric === "e2e_p99")!;

test("10 % is the bound, or twice the run-to-run difference where that is larger", () => {
  const noise = byMetric((metric) => metric === "e2e_p99" ? 8 : 1);
  const fidelity = handFidelity({ e2e_p50: -10.1, e2e_p99: -15.9, makespan_s: 10, ttft_p50: 12 });
  const judged = judgePrediction({ fidelity, machine: null, budget: UNKNOWN }, noise);
  expect(judged.map(({ metric }) => metric)).toEqual(RUN_METRICS);
  const bounds = judged.map(({ bound_pct }) => bound_pct);
  expect(bounds.toSorted((a, b) => a - b)).toEqual([...Array(7).fill(10), 16]);
  expect(judged.filter(({ within }) => !within).map(({ metric }) => metric))
    .toEqual(["ttft_p50", "e2e_p50"]);
});

test("the cause of a miss: the machine's speed, single steps, a knife edge, or else the model", () => {
  const causeOf = (speed: MachineSpeed | null, budget: ErrorBudget | string = UNKNOWN) =>
    p99Of(judgePrediction({ fidelity: handFidelity({ e2e_p99: -20 }), machine: speed, budget }))
      .cause;
  expect(causeOf(machine({ e2e_p99: -4 }, [-6, -2]))).toBe("machine");
  expect(causeOf(machine({ e2e_p99: -15 }, [-18, -12]), withSteps(-3))).toBe("steps");
  expect(causeOf(machine({ e2e_p99: -15 }, [-25, 3]), withSteps(-14))).toBe("knife edge");
  expect(causeOf(machine({ e2e_p99: -15 }, [-18, -12]))).toBe("model");
  expect(causeOf(null)).toBe("model");
});

test("a miss is explained with its own numbers", () => {
  const fidelity = handFidelity({ e2e_p99: -20 });
  const why = (speed: MachineSpeed, budget: ErrorBudget | string = UNKNOWN) => {
    const prediction = { fidelity, machine: speed, budget };
    return explainMiss(p99Of(judgePrediction(prediction)), prediction);
  };
  expect(why(machine({ e2e_p99: -15 }, [-25, 3]))).toBe(
    "the metric depends on a few requests: machines from 2 % faster to 2 % slower than in this run " +
      "give errors from −25.0\u00a0% to +3.0\u00a0%",
  );
  expect(why(machine({ e2e_p99: -4 }, [-6, -2]))).toMatch(
    /5\.0 % slower in this run.*the error is −4\.0\u00a0%/,
  );
  expect(why(machine({ e2e_p99: -15 }, [-18, -12]), withSteps(-3))).toMatch(
    /time that each step took in this run the error is −3\.0\u00a0%: what is off is the time of steps/,
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
