import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { type Choice, recordOf } from "../../registry/choice.ts";
import { none } from "../calibrators/none.ts";
import type { DriftDetectorDefinition } from "../detectors/detector.ts";
import { chooseDetector, DETECTORS } from "../detectors/registry.ts";
import { KeywordRules } from "../keyword-classifier.ts";

/** Unit in which prompts and answers are counted: whitespace words, or the model's own tokens. */
export const Counting = z.enum(["split", "tokenizer"]);
export type Counting = z.output<typeof Counting>;

const FILE = "options of estimator calibrated";

/**
 * The detector that was chosen: name and options where it is registered, so that a file can hold them;
 * else the definition. An InputError for one that takes errors alone.
 */
function detectorOf(choice: Choice<DriftDetectorDefinition>): Choice<DriftDetectorDefinition> {
  const chosen = chooseDetector(choice, FILE);
  const { definition } = chosen;
  if (definition.takes === "errors") {
    const known = DETECTORS.all.filter(({ takes }) => takes !== "errors").map(({ name }) => name);
    const expected = `a detector that takes numbers: ${known.join(", ")}`;
    throw new InputError({ file: FILE, field: "detector", value: definition.name, expected });
  }
  const { name, options } = recordOf(chosen);
  return DETECTORS.get(name) === definition ? { name, options } : { definition, options };
}

const DetectorChoice = z.custom<Choice<DriftDetectorDefinition>>().transform(detectorOf);

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
   * Watches how long answers are, relative to what they are compared with, in each category: where it
   * says that this has changed, the category's factor is learned anew. The choice of a detector that
   * takes numbers. @default none
   */
  detector: DetectorChoice.optional(),
  /**
   * What an answer's length is compared with: the category's `base` (the reference, which leaves
   * the tier's safety factor and the input factor in the error for ever), or the uncalibrated
   * `estimate` that was made for this very request. @default "estimate"
   */
  learnAgainst: z.enum(["base", "estimate"]).default("estimate"),
});
export type CalibratedOptions = z.output<typeof CalibratedOptions>;
export type CalibratedOptionsInput = z.input<typeof CalibratedOptions>;
