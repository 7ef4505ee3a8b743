/**
 * How well a simulated server predicts a recorded one, and servers fitted from logs.
 *
 * @module
 */
export { compareRuns, type Fidelity } from "../fidelity/compare.ts";
export { fitServer } from "../fidelity/fit/fit-server.ts";
export {
  explainMiss,
  type Judgement,
  judgePrediction,
  type RunToRun,
  runToRun,
} from "../fidelity/judge.ts";
export { loadPointOf } from "../fidelity/load-point.ts";
export {
  compareLive,
  completedOf,
  type LivePrediction,
  predictLive,
} from "../fidelity/predict-live.ts";
export { type Prediction, predictRecording } from "../fidelity/predict.ts";
