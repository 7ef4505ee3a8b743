import { expect, test } from "vitest";
import { CATEGORIES } from "../../../src/paper/categories.ts";
import { METRICS_COLUMNS } from "../../../src/paper/metrics/metrics-columns.ts";
import { runMetrics } from "../../../src/paper/metrics/run-metrics.ts";
import { simulate } from "../../../src/paper/simulate.ts";
import type { Labels } from "../../../src/workload/workload.ts";
import { handWorkload } from "../../support/workloads.ts";

/**
 * Two requests that go out together and one long after. Lengths are counted in words; every number
 * below follows from the reference's rules on paper.
 */
const { size, columns } = runMetrics(simulate(handWorkload({
  arrival: [10, 10.001, 900],
  category: [0, 3, 0],
  tier: [0, 2, 1],
  promptTokens: [130, 800, 1400],
  promptWords: [100, 600, 1000],
  outputTokens: [40, 512, 60],
  outputWords: [30, 400, 45],
})));
const named = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);
const numbers = (column: Int32Array | Float64Array) => Array.from(column);

test("has one row a request and every column", () => {
  expect(size).toBe(3);
  expect(Object.keys(columns).sort()).toEqual(Object.keys(METRICS_COLUMNS).sort());
});

test("who asked for what", () => {
  expect(columns.request_id).toEqual(["0", "1", "2"]);
  expect(named(columns.scheduler_type)).toEqual(["fifo", "fifo", "fifo"]);
  expect(named(columns.tenant_id)).toEqual(["premium", "batch", "standard"]);
  expect(named(columns.priority_tier)).toEqual(["premium", "batch", "standard"]);
  const jobs = [CATEGORIES[0], CATEGORIES[3], CATEGORIES[0]];
  expect(named(columns.job_type)).toEqual(jobs);
  // Without a text there are no keywords: the label is believed.
  expect(named(columns.workload_category)).toEqual(jobs);
  expect(named(columns.status)).toEqual(["completed", "completed", "completed"]);
});

test("the estimate: floor(base × bias × safety × input factor), and with the prompt the budget", () => {
  expect(numbers(columns.base_tokens)).toEqual([64, 512, 64]);
  expect(numbers(columns.safety_factor)).toEqual([1.2, 0.8, 1]);
  // 1 + words / 1000, at most 1.5.
  expect(numbers(columns.input_factor)).toEqual([1.1, 1.5, 1.5]);
  expect(numbers(columns.estimation_bias)).toEqual([1, 1, 0.9 + 0.1 * 30 / 64]);
  // 84.48, 614.4 and 64 × 0.946875 × 1.5 = 90.9.
  expect(numbers(columns.estimated_output_tokens)).toEqual([84, 614, 90]);
  expect(numbers(columns.total_token_budget)).toEqual([184, 1214, 1090]);
  expect(numbers(columns.generated_tokens)).toEqual([30, 400, 45]);
});

test("the feedback: bias ← 0.9 × bias + 0.1 × actual / base, one for each category", () => {
  const learned = 0.9 + 0.1 * 30 / 64;
  const expected = {
    feedback_old_bias: [1, 1, learned],
    feedback_measured_bias: [30 / 64, 400 / 512, 45 / 64],
    feedback_new_bias: [learned, 0.9 + 0.1 * 400 / 512, 0.9 * learned + 0.1 * 45 / 64],
  };
  for (const [name, values] of Object.entries(expected)) {
    const column = columns[name as keyof typeof expected];
    values.forEach((value, row) => expect(column[row], name).toBeCloseTo(value, 14));
  }
});

test("a batch's members share its number, size, start and finish; times follow from one another", () => {
  expect(columns.batch_id).toEqual(["0", "0", "1"]);
  expect(numbers(columns.batch_size)).toEqual([2, 2, 1]);
  expect(numbers(columns.queue_enter_time)).toEqual([10, 10.001, 900]);
  const { worker_start_time: start, worker_finish_time: finish } = columns;
  expect([start[1], finish[1]]).toEqual([start[0], finish[0]]);
  for (const [row, entered] of columns.queue_enter_time.entries()) {
    expect(start[row]).toBeGreaterThanOrEqual(entered);
    expect(finish[row]).toBeGreaterThan(start[row]);
    expect(columns.queue_wait_seconds[row]).toBe(start[row] - entered);
    expect(columns.inference_seconds[row]).toBe(finish[row] - start[row]);
    expect(columns.end_to_end_seconds[row]).toBe(finish[row] - entered);
  }
  expect(columns.latency_seconds).toEqual(columns.inference_seconds);
  expect(columns.timestamp).toEqual(finish);
});
