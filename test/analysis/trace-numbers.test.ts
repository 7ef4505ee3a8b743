import { expect, test } from "vitest";
import { traceNumbers } from "../../src/analysis/trace-numbers.ts";
import { handWorkload } from "../support/workloads.ts";

test("rates, gaps and lengths of a trace written by hand", () => {
  // A request a second: even gaps. Prompts and answers go up together.
  const workload = handWorkload({
    arrival: [0, 1, 2, 3, 4],
    promptTokens: [10, 20, 30, 40, 50],
    outputTokens: [10, 20, 30, 40, 50],
  });
  const row = traceNumbers([{ trace: "even", workload }]).object();
  expect(row).toMatchObject({
    trace: "even",
    requests: 5,
    "requests a second": "1",
    "CV of gaps": "0",
    // P90 of five values, linear between them: 40 + 0.6 × 10; P99: 40 + 0.96 × 10.
    "prompt: mean / P50 / P90 / P99": "30 / 30 / 46 / 50",
    "answer: mean / P50 / P90 / P99": "30 / 30 / 46 / 50",
    "log correlation": "1",
  });
});

test("a trace without times has dashes", () => {
  const workload = handWorkload({ arrival: [0, 0, 0] });
  const row = traceNumbers([{ trace: "at once", workload }]).object() as Record<string, string>;
  expect(row["requests a second"]).toBe("–");
  expect(row["dispersion at 1 / 10 / 60 s"]).toBe("– / – / –");
});
