/**
 * How well a simulated server predicts a recorded one, and servers fitted from logs.
 *
 * @module
 */
export { budgetTable, type RunBudget } from "../fidelity/budget/budget-table.ts";
export { type ErrorBudget, errorBudget } from "../fidelity/budget/error-budget.ts";
export { chatPredictions, type NamedPrediction } from "../fidelity/chat-predictions.ts";
export { compareRuns, type Fidelity } from "../fidelity/compare.ts";
export {
  constantsInUse,
  fitPhysical,
  physicalLoss,
  type PhysicalPoint,
} from "../fidelity/fit/fit-physical.ts";
export { fitServer } from "../fidelity/fit/fit-server.ts";
export {
  explainMiss,
  type Judgement,
  judgePrediction,
  type RunToRun,
  runToRun,
} from "../fidelity/judge.ts";
export { intervalCoverage, type IntervalsAndTruth } from "../fidelity/doubt/interval-coverage.ts";
export {
  type IntervalOptions,
  type PredictedMetrics,
  type PredictedNumber,
  type PredictionIntervals,
  predictionIntervals,
} from "../fidelity/doubt/prediction-intervals.ts";
export { ceilingDoubt, type ServerDoubt, serverDoubt } from "../fidelity/doubt/server-doubt.ts";
export {
  type HighestRate,
  highestRate,
  type HighestRateOptions,
  type ServicePromise,
} from "../fidelity/doubt/highest-rate.ts";
export { fidelityTable } from "../fidelity/fidelity-table.ts";
export { fittedLogs } from "../fidelity/fitted-logs.ts";
export { type JudgedRecording, judgeRecordings } from "../fidelity/judge-recordings.ts";
export { liveBesideSimulation } from "../fidelity/live-beside-simulation.ts";
export { livePredictions } from "../fidelity/live-predictions.ts";
export { loadPointTable } from "../fidelity/load-point-table.ts";
export { missedPredictions } from "../fidelity/missed-predictions.ts";
export { policyChange } from "../fidelity/policy-change.ts";
export { predictionErrors } from "../fidelity/prediction-errors.ts";
export { recordedAndSimulated } from "../fidelity/recorded-and-simulated.ts";
export { requestsToServe } from "../fidelity/requests-to-serve.ts";
export { loadPointOf } from "../fidelity/load-point.ts";
export {
  compareLive,
  completedOf,
  type LivePrediction,
  predictLive,
} from "../fidelity/predict-live.ts";
export { type MeasuredRow, readMeasuredPoints } from "../fidelity/points/measured-point.ts";
export { type PredictedPoint, predictPoint } from "../fidelity/points/predict-point.ts";
export { summarizePoints } from "../fidelity/points/summarize-points.ts";
export { type Prediction, predictRecording } from "../fidelity/predict.ts";
export { signedPercent } from "../fidelity/signed-percent.ts";
