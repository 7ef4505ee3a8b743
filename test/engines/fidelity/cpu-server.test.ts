import { beforeAll, expect, test } from "vitest";
import { fitRequestOverhead } from "../../../src/engines/fidelity/fit-request-overhead.ts";
import { readIterationLog } from "../../../src/engines/fidelity/iteration-log.ts";
import { judgePrediction, runToRun } from "../../../src/engines/fidelity/judge.ts";
import { type Prediction, predictRecording } from "../../../src/engines/fidelity/predict.ts";
import {
  readRecordedRequests,
  readRunDescription,
} from "../../../src/engines/fidelity/recorded-run.ts";
import { fitStepCost } from "../../../src/engines/step-cost/fit-step-cost.ts";
import { loggedSteps } from "../../../src/engines/step-cost/logged-steps.ts";
import type { ServerFile } from "../../../src/engines/step-cost/server-file.ts";
import { gunzip } from "../../../src/files/gunzip.ts";
import { readBytes } from "../../../src/files/read-bytes.ts";
import { DATA_FOLDER } from "../../../src/files/read-bundled.ts";

const bytes = (name: string) => readBytes(new URL(`vllm_cpu_measured/${name}`, DATA_FOLDER));
const decode = (of: Uint8Array) => new TextDecoder().decode(of);

async function recording(run: string) {
  const description = readRunDescription(decode(await bytes(`${run}.json`)), run);
  const { requests } = readRecordedRequests(await bytes(`${run}.requests.csv`), run);
  const log = decode(await gunzip(await bytes(`${run}.iterations.log.gz`), run));
  const steps = loggedSteps(readIterationLog(log, run), description.server);
  return { description, requests, steps };
}

let server: ServerFile;

// Under FCFS alone: every other recording is a prediction.
beforeAll(async () => {
  const runs = await Promise.all(
    ["ds_l3.fcfs32", "ds_l5.fcfs32", "ds_l7.fcfs32", "bgpt.fcfs32"].map(recording),
  );
  const { cost, report } = fitStepCost(runs.map(({ steps }) => steps));
  const file = { name: "CPU", source: "test", cost, perRequest: 0, fit: report };
  server = { ...file, perRequest: fitRequestOverhead(file, runs)! };
});

async function predict(run: string): Promise<Prediction> {
  const { steps, ...found } = await recording(run);
  return predictRecording(found, server, steps);
}

/** Run-to-run difference of the server, from the run that was recorded twice. */
async function noise() {
  const [first, again] = await Promise.all(
    ["ds_l5.fcfs32", "ds_l5.fcfs32.repeat"].map(recording),
  );
  return runToRun(first.requests, again.requests);
}

test.each([
  "ds_l5.fcfs32.repeat",
  "ds_l5.fcfs32.kv2560",
  "ds_burst.client16.fifo",
  "ds_burst.client16.priority",
])(
  "%s, never seen by the fit, is predicted within bounds in E2E P50, P99 and makespan",
  async (run) => {
    const found = await predict(run);
    expect(found.fidelity.unfinished).toBe(0);
    for (const { metric, within } of judgePrediction(found, await noise())) {
      expect(within, metric).toBe(true);
    }
  },
);

test.each(
  [
    // Runs at the server's capacity, or bursts: a machine 5 % slower makes queues a quarter longer.
    ["ds_l5.fcfs16", 23, "machine"],
    ["azure.fcfs32.mbt512", 27, "machine"],
    // Its P99 is the third longest wait of 300, of those whom SJF starves.
    ["ds_l5_sjf.prio16", 12, "knife edge"],
  ] as const,
)("%s misses by up to %i %%, and not because of the model: %s", async (run, most, cause) => {
  const judged = judgePrediction(await predict(run), await noise());
  const missed = judged.filter(({ within }) => !within);
  expect(Math.max(...judged.map(({ error_pct }) => Math.abs(error_pct)))).toBeLessThan(most);
  expect(new Set(missed.map((each) => each.cause))).toEqual(new Set([cause]));
});

test("as on the real server, SJF nearly halves the median and doubles the P99", async () => {
  const fcfs = (await predict("ds_l5.fcfs16")).fidelity;
  const sjf = (await predict("ds_l5_sjf.prio16")).fidelity;
  for (const side of ["measured", "simulated"] as const) {
    expect(sjf.e2e_p50[side] / fcfs.e2e_p50[side], side).toBeLessThan(0.6);
    expect(sjf.e2e_p99[side] / fcfs.e2e_p99[side], side).toBeGreaterThan(2);
  }
});

test("the overhead per request is some milliseconds: the API server's, not a step's", () => {
  expect(server.perRequest).toBeGreaterThan(0.003);
  expect(server.perRequest).toBeLessThan(0.012);
});
