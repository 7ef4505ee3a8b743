import type { Recording } from "./fit/fit-request-overhead.ts";
import type { LoggedSteps } from "./fit/logged-steps.ts";
import type { ServerFile } from "../servers/costs/server-file.ts";
import { type Judgement, judgePrediction, type RunToRun } from "./judge.ts";
import { type Prediction, predictRecording } from "./predict.ts";

/** A recording with its name; `steps` are the server's iterations, null where none were logged. */
export interface NamedRecording extends Recording {
  readonly name: string;
  readonly steps: LoggedSteps | null;
}

/** A recording, its prediction, and how good that is. */
export interface JudgedRecording {
  readonly recording: NamedRecording;
  readonly prediction: Prediction;
  readonly judged: readonly Judgement[];
}

/**
 * Predicts recordings with a server that was fitted elsewhere, and judges each prediction against the
 * noise from run to run. See `predictRecording` and `judgePrediction`.
 *
 * @example
 * const recording = await loadCpuRecording("ds_l5.fcfs16");
 * const server = await loadServerFile("vllm-cpu-0.05b");
 * const [{ judged }] = judgeRecordings([recording], server);
 */
export function judgeRecordings(
  recordings: readonly NamedRecording[],
  server: ServerFile,
  noise?: RunToRun,
): JudgedRecording[] {
  return recordings.map((recording) => {
    const prediction = predictRecording(recording, server, recording.steps);
    return { recording, prediction, judged: judgePrediction(prediction, noise) };
  });
}
