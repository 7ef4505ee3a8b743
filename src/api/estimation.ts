/**
 * Parts that estimators are made of.
 *
 * @module
 */
export { countWords } from "../estimation/count-words.ts";
export { CalibratedOptions } from "../estimation/estimators/calibrated-options.ts";
