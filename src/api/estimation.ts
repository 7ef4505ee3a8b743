/**
 * Parts that estimators are made of.
 *
 * @module
 */
export { countWords } from "../estimation/count-words.ts";
export { CalibratedOptions } from "../estimation/estimators/calibrated-options.ts";
export type { DriftDetector, DriftDetectorDefinition } from "../estimation/detectors/detector.ts";
export { createDetector } from "../estimation/detectors/registry.ts";
export { tableEstimator } from "../estimation/parts/table.ts";
export { calibrated } from "../estimation/parts/calibrated.ts";
export { floored, scaled } from "../estimation/parts/scaled.ts";
export { restarting } from "../estimation/parts/restarting.ts";
