import { beforeAll, expect, test } from "vitest";
import { judgePrediction } from "../../src/fidelity/judge.ts";
import { type JudgedRecording, judgeRecordings } from "../../src/fidelity/judge-recordings.ts";
import { missedPredictions } from "../../src/fidelity/missed-predictions.ts";
import { policyChange } from "../../src/fidelity/policy-change.ts";
import { predictRecording } from "../../src/fidelity/predict.ts";
import { predictionErrors } from "../../src/fidelity/prediction-errors.ts";
import { byMetric, RUN_METRICS } from "../../src/fidelity/run-metrics.ts";
import { recordedAndSimulated } from "../../src/fidelity/recorded-and-simulated.ts";
import {
  loadCpuRecording,
  type LoadedRecording,
  loadServerFile,
} from "../../src/files/load-recordings.ts";
import type { ServerFile } from "../../src/servers/costs/server-file.ts";
import { handFidelity } from "./support/hand-fidelity.ts";

const NOISE = byMetric((metric) => metric === "e2e_p99" ? 6 : 1);
let recording: LoadedRecording;
let server: ServerFile;
let judged: JudgedRecording;
beforeAll(async () => {
  [recording, server] = await Promise.all([
    loadCpuRecording("ds_l5.fcfs16"),
    loadServerFile("vllm-cpu-0.05b"),
  ]);
  [judged] = judgeRecordings([recording], server, NOISE);
});

test("each recording is predicted with its own steps, and judged by the noise", () => {
  const alone = predictRecording(recording, server, recording.steps);
  expect(judged.prediction.fidelity).toEqual(alone.fidelity);
  expect(judged.prediction.machine).not.toBeNull();
  expect(judged.judged).toEqual(judgePrediction(alone, NOISE));
});

test("errors are shares, with the noise and what is left at the machine's speed", () => {
  const rows = predictionErrors([judged], NOISE).objects() as Record<string, number>[];
  expect(rows.map(({ metric }) => metric)).toEqual(RUN_METRICS);
  const p99 = rows[RUN_METRICS.indexOf("e2e_p99")];
  const { fidelity, machine } = judged.prediction;
  expect(p99).toMatchObject({ run: "ds_l5.fcfs16", metric: "e2e_p99", noise: 0.06, bound: 0.12 });
  expect(p99.error).toBeCloseTo(fidelity.e2e_p99.simulated / fidelity.e2e_p99.measured - 1, 12);
  const own = machine!.at_its_speed.e2e_p99;
  expect(p99.ownSpeed).toBeCloseTo(own.simulated / own.measured - 1, 12);
  const unlogged = { ...judged, prediction: { ...judged.prediction, machine: null } };
  expect(predictionErrors([unlogged], NOISE).array("ownSpeed")).toEqual(
    RUN_METRICS.map(() => null),
  );
});

test("only predictions out of bounds are listed, with their reason", () => {
  const fidelity = handFidelity({ e2e_p50: 30, e2e_p99: 5, makespan_s: -5 });
  const prediction = { ...judged.prediction, fidelity, machine: null, budget: "no log" };
  const each = { ...judged, prediction, judged: judgePrediction(prediction, NOISE) };
  expect(missedPredictions([each]).objects()).toEqual([{
    run: "ds_l5.fcfs16",
    metric: "e2e_p50",
    error: "+30.0\u00a0%",
    why: expect.stringContaining("no iteration log"),
  }]);
});

test("the change from one policy to the other: measured, predicted, at the machine's speed", () => {
  const at = (p50: number, p99: number, own: number | null) => ({
    ...judged.prediction,
    fidelity: handFidelity({ e2e_p50: p50, e2e_p99: p99, makespan_s: 0 }),
    machine: own === null ? null : {
      ...judged.prediction.machine!,
      at_its_speed: handFidelity({ e2e_p50: own, e2e_p99: own, makespan_s: 0 }),
    },
  });
  // Simulated 1 to 0.5 and 1 to 2; at its speed the first would have been 2, the second 0.5 and 2.
  const own = "predicted at the machine's speed in each run";
  expect(policyChange(at(0, 0, 100), at(-50, 100, null)).objects()).toEqual([
    {
      metric: "e2e_p50",
      measured: "+0.0\u00a0%",
      predicted: "−50.0\u00a0%",
      [own]: "−75.0\u00a0%",
    },
    {
      metric: "e2e_p99",
      measured: "+0.0\u00a0%",
      predicted: "+100.0\u00a0%",
      [own]: "+0.0\u00a0%",
    },
  ]);
});

test("both sides of a recording count from the recorded arrivals", () => {
  const { measured, simulated } = recordedAndSimulated(recording, judged.prediction);
  expect(measured.finish).toBe(recording.requests.finish);
  expect(simulated.arrival).toBe(recording.requests.arrival);
  expect(simulated.finish).toBe(judged.prediction.simulated.finish);
});
