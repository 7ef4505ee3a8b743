import { expect, test } from "vitest";
import { simulate } from "../../src/simulation/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/simulate.ts";
import { InputError } from "../../src/errors/input-error.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

const workload = paperWorkload({ seed: 2, requests: 150 });

test("without options it is the paper: FIFO, calibration on, words, batches of 32 on an L4", () => {
  const { provenance } = simulate(workload);
  expect(provenance.workload).toBe(workload.provenance);
  expect(provenance.scheduler).toMatchObject({
    policy: "fifo",
    estimate: { counting: "split" },
    calibration: { calibrator: "ema", learnAgainst: "base", feedbackOrder: "completion" },
  });
  expect(provenance.engine).toEqual({
    name: "micro-batch",
    maxBatch: 32,
    windowSeconds: 0.01,
    pollSeconds: 0.005,
    idleSeconds: 1,
    cost: "Qwen1.5-1.8B-Chat on NVIDIA L4",
  });
});

test("twice the same input gives the same bytes in every column", () => {
  const options: SimulateOptions = { scheduler: { policy: "sjf" } };
  const again = paperWorkload({ seed: 2, requests: 150 });
  expect(simulate(again, options)).toEqual({
    ...simulate(workload, options),
    requests: again.requests,
  });
});

test("one run leaves no trace in the next on the same workload", () => {
  const first = simulate(workload, { scheduler: { policy: "sjf" } });
  const copy = structuredClone({ ...first, requests: null });
  simulate(workload, { scheduler: { policy: "aging", estimate: { counting: "tokenizer" } } });
  simulate(workload, { scheduler: { policy: "sjf", estimate: { inputScale: 10 } } });
  expect({ ...first, requests: null }).toEqual(copy);
  expect({ ...simulate(workload, { scheduler: { policy: "sjf" } }), requests: null }).toEqual(copy);
});

test("the counting mode decides what estimates and answers are measured in", () => {
  const split = simulate(workload);
  const tokenizer = simulate(workload, { scheduler: { estimate: { counting: "tokenizer" } } });
  expect(split.actualOutput).toEqual(workload.truth.outputWords);
  expect(split.inputLength).toEqual(workload.requests.promptWords);
  expect(tokenizer.actualOutput).toEqual(workload.truth.outputTokens);
  expect(tokenizer.inputLength).toEqual(workload.requests.promptTokens);
});

test.each<[unknown, string]>([
  [{ microBatch: { maxBatch: 0 } }, "micro-batch options, field maxBatch: got 0, expected"],
  [{ microBatch: { maxBatch: 257 } }, "field maxBatch: got 257, expected number to be <=256"],
  [{ microBatch: { maxBatch: 2.5 } }, "field maxBatch: got 2.5, expected int"],
  [{ microBatch: { windowSeconds: -1 } }, "field windowSeconds: got -1, expected"],
  [{ microBatch: { windowSeconds: "10ms" } }, 'field windowSeconds: got "10ms", expected number'],
  [{ microBatch: { pollSeconds: 0 } }, "field pollSeconds: got 0, expected"],
  [{ microBatch: { idleSeconds: 0 } }, "field idleSeconds: got 0, expected"],
  [{ microBatch: { window: 1 } }, "field window: got 1, expected a known name"],
  [{ scheduler: { policy: "lifo" } }, 'field policy: got "lifo", expected one of'],
])("the options %j are refused with field, value and what was expected", (options, message) => {
  const run = () => simulate(workload, options as SimulateOptions);
  expect(run).toThrow(InputError);
  expect(run).toThrow(message);
});

test("a step cost that knows no batch of the size it is asked for is an error, not a hang", () => {
  const burst = handWorkload({ arrival: [0, 0, 0] });
  const scheduler = { estimate: { counting: "tokenizer" } } as const;
  const run = () => simulate(burst, { scheduler, cost: plainCost({ base: 1, maxBatch: 2 }) });
  expect(run).toThrow(InputError);
  expect(run).toThrow("step cost plain: got NaN, expected a finite number of seconds for a batch");
});

test("words are asked for by name where a trace has none", () => {
  const lengths = handWorkload({ arrival: [0] });
  expect(() => simulate(lengths)).toThrow("this workload holds token lengths only");
  const promptsOnly = handWorkload({ arrival: [0], promptWords: [3] });
  expect(() => simulate(promptsOnly)).toThrow("field outputWords: got undefined");
});
