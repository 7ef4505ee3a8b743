/**
 * The paper's five policies by name, in its order. Frozen: what the registry of policies gains later
 * changes neither this list nor a claim. Source: driftsched reference, "Policies".
 */
export const PAPER_POLICIES = Object.freeze(
  ["fifo", "priority", "weighted", "sjf", "aging"] as const,
);
export type PaperPolicy = (typeof PAPER_POLICIES)[number];

/** The policy that the others are compared with. */
export const FIFO = PAPER_POLICIES[0];
/** The policy that the paper finds best. */
export const SJF = PAPER_POLICIES[3];

/**
 * Calibration off and on, by the name of the calibrator: nothing is learned, or an exponential moving
 * average. Source: driftsched reference, "Feedback (the calibration)".
 */
export const PAPER_CALIBRATIONS = Object.freeze(["none", "ema"] as const);
export type PaperCalibration = (typeof PAPER_CALIBRATIONS)[number];

/** Calibration off. */
export const CALIBRATION_OFF = PAPER_CALIBRATIONS[0];
/** Calibration on. */
export const CALIBRATION_ON = PAPER_CALIBRATIONS[1];

/**
 * Units in which lengths are counted: whitespace words, or tokens of the model's own tokenizer.
 * Source: driftsched reference, "Admission estimate".
 */
export const PAPER_COUNTINGS = Object.freeze(["split", "tokenizer"] as const);
export type PaperCounting = (typeof PAPER_COUNTINGS)[number];

/** Lengths in whitespace words. */
export const COUNTING_WORDS = PAPER_COUNTINGS[0];
/** Lengths in tokens. */
export const COUNTING_TOKENS = PAPER_COUNTINGS[1];
