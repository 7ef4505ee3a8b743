import { z } from "zod";
import { none } from "../calibrators/none.ts";
import { KeywordRules } from "../keyword-classifier.ts";

/** Unit in which prompts and answers are counted: whitespace words, or the model's own tokens. */
export const Counting = z.enum(["split", "tokenizer"]);
export type Counting = z.output<typeof Counting>;

/** Options of the estimator `calibrated`. */
export const CalibratedOptions = z.strictObject({
  /** Unit of all lengths. @default "tokenizer" */
  counting: Counting.default("tokenizer"),
  /**
   * `keywords` tells the category by the prompt's text and the rules of `keywords`; `given` believes
   * the label, the only choice for traces without text; `auto` is `keywords` where there are both
   * text and rules. @default "auto"
   */
  classifier: z.enum(["auto", "keywords", "given"]).default("auto"),
  /** Rules of that classifier. @default none */
  keywords: KeywordRules.optional(),
  /** Base output length per category, in the unit of `counting`. @default {} */
  baseTokens: z.record(z.string(), z.number().positive()).default({}),
  /** Base of a category that `baseTokens` does not name. @default 512 */
  defaultBaseTokens: z.number().positive().default(512),
  /** Factor per tier, by name; 1 for tiers not named. @default {} */
  safetyFactors: z.record(z.string(), z.number().positive()).default({}),
  /** Input factor = min(`inputFactorMax`, 1 + input length / `inputScale`). @default 1000 */
  inputScale: z.number().positive().default(1000),
  /** @default 1 (no input factor) */
  inputFactorMax: z.number().min(1).default(1),
  /** Calibrator in the registry, by name. @default the one that learns nothing */
  calibrator: z.string().default(none.name),
  /** Options of that calibrator, checked by its own schema. @default {} */
  calibratorOptions: z.record(z.string(), z.unknown()).default({}),
  /**
   * What an answer's length is compared with: the category's `base` (the reference, which leaves
   * the tier's safety factor and the input factor in the error for ever), or the uncalibrated
   * `estimate` that was made for this very request. @default "estimate"
   */
  learnAgainst: z.enum(["base", "estimate"]).default("estimate"),
});
export type CalibratedOptions = z.output<typeof CalibratedOptions>;
export type CalibratedOptionsInput = z.input<typeof CalibratedOptions>;
