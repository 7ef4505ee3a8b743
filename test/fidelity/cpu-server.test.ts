import { beforeAll, expect, test } from "vitest";
import { fitServer } from "../../src/fidelity/fit/fit-server.ts";
import { judgePrediction, runToRun, WITHIN_PCT } from "../../src/fidelity/judge.ts";
import { type Prediction, predictRecording } from "../../src/fidelity/predict.ts";
import type { ServerFile } from "../../src/servers/costs/server-file.ts";
import { loadCpuRecording } from "../../src/files/load-recordings.ts";

let server: ServerFile;

// Under FCFS alone: every other recording is a prediction.
beforeAll(async () => {
  const recordings = await Promise.all(
    ["ds_l3.fcfs32", "ds_l5.fcfs32", "ds_l7.fcfs32", "bgpt.fcfs32"].map(loadCpuRecording),
  );
  const steps = recordings.map((recording) => recording.steps);
  server = fitServer({ name: "CPU", steps, recordings }).file;
});

async function predict(run: string): Promise<Prediction> {
  const recording = await loadCpuRecording(run);
  return predictRecording(recording, server, recording.steps);
}

/** Run-to-run difference of the server, from the run that was recorded twice. */
async function noise() {
  const [first, again] = await Promise.all(
    ["ds_l5.fcfs32", "ds_l5.fcfs32.repeat"].map(loadCpuRecording),
  );
  return runToRun(first.requests, again.requests);
}

test.each([
  "ds_l5.fcfs32.repeat",
  "ds_l5.fcfs32.kv2560",
  "ds_burst.client16.fifo",
  "ds_burst.client16.priority",
])("%s, never seen by the fit, is predicted within bounds in all metrics", async (run) => {
  const found = await predict(run);
  expect(found.fidelity.unfinished).toBe(0);
  const missed = judgePrediction(found, await noise()).filter(({ within }) => !within);
  expect(missed.map(({ metric }) => metric)).toEqual([]);
});

/** Recordings that are hard to predict, and how far off a prediction may be, percent. */
const HARD = [
  // At the server's capacity, or in bursts: a machine 5 % slower makes queues a quarter longer.
  ["ds_l5.fcfs16", 23],
  ["azure.fcfs32.mbt512", 27],
  // Its P99 is the third longest wait of 300, of those whom SJF starves.
  ["ds_l5_sjf.prio16", 12],
] as const;

test.each(HARD)("%s is predicted to %i %% in E2E P50, P99 and makespan", async (run, most) => {
  const { fidelity } = await predict(run);
  expect(fidelity.unfinished).toBe(0);
  for (const metric of ["e2e_p50", "e2e_p99", "makespan_s"] as const) {
    expect(Math.abs(fidelity[metric].error_pct!), metric).toBeLessThan(most);
  }
  // How long the run takes hangs by no queue: half of the bounds.
  expect(Math.abs(fidelity.makespan_s.error_pct!)).toBeLessThan(WITHIN_PCT / 2);
});

test.each(HARD)("whatever %s is off by, the model is not to blame for it", async (run) => {
  const causes = judgePrediction(await predict(run), await noise()).map(({ cause }) => cause);
  expect(causes).not.toContain("model");
});

test.each(HARD)(
  "at the speed that its machine had, %s is within bounds, or within what 2 %% of speed do",
  async (run) => {
    const prediction = await predict(run), { machine } = prediction;
    for (const { metric, bound_pct } of judgePrediction(prediction, await noise())) {
      const [low, high] = machine!.errors_around[metric];
      const error = Math.abs(machine!.at_its_speed[metric].error_pct!);
      expect(error <= bound_pct || (low <= 0 && high >= 0), metric).toBe(true);
    }
    // Single requests, on the average.
    expect(machine!.at_its_speed.e2e_mae_pct).toBeLessThan(10);
  },
);

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
