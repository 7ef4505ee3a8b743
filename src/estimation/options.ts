import { z } from "zod";
import { CATEGORY_CAPS } from "../paper/categories.ts";

/** Unit in which prompts and answers are counted: whitespace words, or the model's own tokens. */
export const Counting = z.enum(["split", "tokenizer"]);
export type Counting = z.output<typeof Counting>;

/**
 * How a request's output length is guessed on admission. Defaults are the reference's
 * (driftsched reference, "Admission estimate").
 */
export const EstimateOptions = z.strictObject({
  counting: Counting.default("split"),
  /**
   * `keywords` classifies the prompt's text, as the reference does; `given` believes the label,
   * the only choice for traces without text; `auto` is `keywords` where there is text.
   */
  classifier: z.enum(["auto", "keywords", "given"]).default("auto"),
  /** Base output length per category, in the unit of `counting`. */
  baseTokens: z.record(z.string(), z.number().positive()).default({ ...CATEGORY_CAPS }),
  /** Base of a category that `baseTokens` does not name. */
  defaultBaseTokens: z.number().positive().default(512),
  /** Factor per tier, by name; 1 for tiers not named. */
  safetyFactors: z.record(z.string(), z.number().positive())
    .default({ premium: 1.2, standard: 1, batch: 0.8 }),
  /** Input factor = min(`inputFactorMax`, 1 + input length / `inputScale`). */
  inputScale: z.number().positive().default(1000),
  inputFactorMax: z.number().min(1).default(1.5),
});
export type EstimateOptions = z.output<typeof EstimateOptions>;

/** How finished requests correct the next estimates. Defaults are the reference's. */
export const CalibrationOptions = z.strictObject({
  /** Name of a calibrator in the registry; `none` learns nothing. */
  calibrator: z.string().default("ema"),
  /** Options of that calibrator, checked by its own schema. */
  options: z.record(z.string(), z.unknown()).default({}),
  /**
   * What an answer's length is compared with: the category's `base` (the reference, which leaves
   * the tier's safety factor and the input factor in the error for ever), or the uncalibrated
   * `estimate` that was made for this very request.
   */
  learnAgainst: z.enum(["base", "estimate"]).default("base"),
  /**
   * Order in which answers are learned from: as they are `completed` (the reference: a biased
   * sample, short answers report first), or in order of `arrival`, each held back until every
   * earlier arrival has reported.
   */
  feedbackOrder: z.enum(["completion", "arrival"]).default("completion"),
});
export type CalibrationOptions = z.output<typeof CalibrationOptions>;
