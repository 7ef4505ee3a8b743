import { simulate } from "../../../../src/paper/simulate.ts";
import { paperWorkload } from "../../../../src/paper/workload.ts";

/** A workload of the paper. */
export const paper = paperWorkload({ seed: 6, requests: 150 });
/** Scheduler options: lengths in tokens. */
export const tokens = { estimator: { options: { counting: "tokenizer" } } };
/** It, served. */
export const run = simulate(paper, { scheduler: { policy: "priority", ...tokens } });
/** The same run, but request 2 failed and request 7 was cancelled. */
export const failed = {
  ...run,
  status: run.status.with(2, 1).with(7, 3),
  outputTokens: run.outputTokens.with(2, -1).with(7, -1),
  actualOutput: run.actualOutput.with(2, -1).with(7, -1),
  finish: run.finish.with(7, NaN),
};
