import { expect, test } from "vitest";
import { simulate } from "../../src/paper/simulate.ts";
import { simulate as plainly } from "../../src/simulation/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/simulate.ts";
import { InputError } from "../../src/errors/input-error.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

const workload = paperWorkload({ seed: 2, requests: 150 });

test("without options it is the paper: FIFO, calibration on, words, batches of 32 on an L4", () => {
  const { provenance } = simulate(workload);
  expect(provenance.workload).toBe(workload.provenance);
  expect(provenance.scheduler).toMatchObject({
    policy: { name: "fifo" },
    estimator: {
      name: "calibrated",
      options: { counting: "split", calibrator: "ema", learnAgainst: "base" },
    },
    feedbackOrder: "completion",
  });
  const cost = "Qwen1.5-1.8B-Chat on NVIDIA L4";
  expect(provenance.engine).toEqual({
    name: "simulation",
    dispatch: {
      rule: "micro-batch",
      maxBatch: 32,
      windowSeconds: 0.01,
      pollSeconds: 0.005,
      idleSeconds: 1,
    },
    servers: [{ name: cost, batching: "static", cost }],
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
  simulate(workload, {
    scheduler: { policy: "aging", estimator: { options: { counting: "tokenizer" } } },
  });
  simulate(workload, { scheduler: { policy: "sjf", estimator: { options: { inputScale: 10 } } } });
  expect({ ...first, requests: null }).toEqual(copy);
  expect({ ...simulate(workload, { scheduler: { policy: "sjf" } }), requests: null }).toEqual(copy);
});

test("the counting mode decides what estimates and answers are measured in", () => {
  const split = simulate(workload);
  const tokenizer = simulate(workload, {
    scheduler: { estimator: { options: { counting: "tokenizer" } } },
  });
  expect(split.actualOutput).toEqual(workload.truth.outputWords);
  expect(split.inputLength).toEqual(workload.requests.promptWords);
  expect(tokenizer.actualOutput).toEqual(workload.truth.outputTokens);
  expect(tokenizer.inputLength).toEqual(workload.requests.promptTokens);
});

test("without options and without the paper it is FIFO behind a window of 32, counted in tokens", () => {
  const { provenance } = plainly(workload);
  expect(provenance.scheduler).toMatchObject({
    policy: { name: "fifo", options: {} },
    estimator: { name: "calibrated", options: { counting: "tokenizer", calibrator: "none" } },
    feedbackOrder: "completion",
  });
  expect(provenance.engine).toMatchObject({
    dispatch: { rule: "in-flight", window: 32 },
    servers: [{ batching: "continuous", cost: "Qwen1.5-1.8B-Chat on NVIDIA L4" }],
  });
});

const batches = (of: object) => ({ dispatch: { rule: "micro-batch", ...of } });

test.each<[unknown, string]>([
  [batches({ maxBatch: 0 }), "simulate options, field dispatch.maxBatch: got 0, expected"],
  [batches({ maxBatch: 257 }), "field dispatch.maxBatch: got 257, expected number to be <=256"],
  [batches({ maxBatch: 2.5 }), "field dispatch.maxBatch: got 2.5, expected int"],
  [batches({ windowSeconds: -1 }), "field dispatch.windowSeconds: got -1, expected"],
  [batches({ windowSeconds: "10ms" }), 'field dispatch.windowSeconds: got "10ms", expected number'],
  [batches({ pollSeconds: 0 }), "field dispatch.pollSeconds: got 0, expected"],
  [batches({ idleSeconds: 0 }), "field dispatch.idleSeconds: got 0, expected"],
  [batches({ window: 1 }), "field dispatch.window: got 1, expected a known name"],
  [{ microBatch: {} }, "field microBatch: got {}, expected a known name"],
  [{ server: [] }, "field server: got [], expected at least one server"],
  [{ server: { flags: {} } }, "server, field flags: got {}, expected a known name"],
  [{ server: [{}, { config: { max_num_seqs: 0 } }] }, "field max_num_seqs: got 0"],
  [{ router: "random" }, 'field router: got "random", expected one of least-open'],
  [{ stages: [{}] }, "field stages.0: got {}, expected a stage"],
  [{ scheduler: { policy: "lifo" } }, 'field policy: got "lifo", expected one of'],
])("the options %j are refused with field, value and what was expected", (options, message) => {
  const run = () => simulate(workload, options as SimulateOptions);
  expect(run).toThrow(InputError);
  expect(run).toThrow(message);
});

test("a step cost that knows no batch of the size it is asked for is an error, not a hang", () => {
  const burst = handWorkload({ arrival: [0, 0, 0] });
  const cost = plainCost({ base: 1, maxBatch: 2 });
  const run = () =>
    plainly(burst, { dispatch: { rule: "micro-batch" }, server: { batching: "static", cost } });
  expect(run).toThrow(InputError);
  expect(run).toThrow("step cost plain: got NaN, expected a finite number of seconds for a batch");
});

test("words are asked for by name where a trace has none", () => {
  const lengths = handWorkload({ arrival: [0] });
  expect(() => simulate(lengths)).toThrow("this workload has token lengths only");
  const promptsOnly = handWorkload({ arrival: [0], promptWords: [3] });
  expect(() => simulate(promptsOnly)).toThrow("field outputWords: got undefined");
});
