import { InputError } from "../../errors/input-error.ts";
import { TIERS } from "../../workload/tiers.ts";
import type { Labels, Requests } from "../../workload/workload.ts";
import { categoriesOf, classifyByKeywords } from "../keyword-classifier.ts";
import type { CalibratedOptions } from "./calibrated-options.ts";

/** The part of a calibrated estimate that does not depend on what was learned. Shape (n) each. */
export interface CalibratedColumns {
  /** Category that the estimator believes; one calibration factor each. */
  readonly category: Labels;
  /** Prompt length in the unit of the counting mode. */
  readonly inputLength: Int32Array;
  /** Base output length of that category. */
  readonly base: Float64Array;
  readonly safetyFactor: Float64Array;
  readonly inputFactor: Float64Array;
}

function refuse(field: string, value: unknown, expected: string): InputError {
  return new InputError({ file: "options of estimator calibrated", field, value, expected });
}

function believedCategory(
  requests: Requests,
  { classifier, keywords }: Pick<CalibratedOptions, "classifier" | "keywords">,
): Labels {
  const { promptText } = requests;
  const cannot = promptText === undefined || keywords === undefined;
  if (classifier === "given" || (classifier === "auto" && cannot)) return requests.category;
  if (promptText === undefined) {
    const expected = "given (this workload has no prompt text for keywords)";
    throw refuse("classifier", classifier, expected);
  }
  if (keywords === undefined) {
    throw refuse("keywords", keywords, "rules with the classifier keywords");
  }
  return classifyByKeywords(requests, keywords);
}

/** Prompt lengths in the unit of `counting`; an InputError where the workload has none. */
export function inputLengths(
  requests: Requests,
  counting: CalibratedOptions["counting"],
): Int32Array {
  if (counting === "tokenizer") return requests.promptTokens;
  if (requests.promptWords !== undefined) return requests.promptWords;
  const expected = "tokenizer (this workload has token lengths only, no words)";
  throw refuse("counting", counting, expected);
}

/** Refuses a name that neither this workload nor the rules have: its number would go unused. */
function assertKnown(
  field: string,
  given: Readonly<Record<string, number>>,
  names: readonly string[],
): void {
  for (const [name, value] of Object.entries(given)) {
    if (names.includes(name)) continue;
    const expected = `a known name, one of ${[...new Set(names)].join(", ")}`;
    throw refuse(`${field}.${name}`, value, expected);
  }
}

type ColumnOptions = Omit<
  CalibratedOptions,
  "calibrator" | "calibratorOptions" | "detector" | "learnAgainst"
>;

function compute(requests: Requests, options: ColumnOptions): CalibratedColumns {
  const { counting, inputScale, inputFactorMax, keywords } = options;
  const category = believedCategory(requests, options);
  const ruled = keywords === undefined ? [] : categoriesOf(keywords);
  assertKnown("baseTokens", options.baseTokens, [...category.names, ...ruled]);
  assertKnown("safetyFactors", options.safetyFactors, [...requests.tier.names, ...TIERS]);
  const inputLength = inputLengths(requests, counting);
  // Names come from the data: one may be that of a property every object has.
  const of = (values: Readonly<Record<string, number>>, name: string, otherwise: number) =>
    Object.hasOwn(values, name) ? values[name] : otherwise;
  const bases = category.names.map((name) =>
    of(options.baseTokens, name, options.defaultBaseTokens)
  );
  const safeties = requests.tier.names.map((name) => of(options.safetyFactors, name, 1));
  const base = new Float64Array(requests.size);
  const safetyFactor = new Float64Array(requests.size);
  const inputFactor = new Float64Array(requests.size);
  for (let i = 0; i < requests.size; i++) {
    base[i] = bases[category.codes[i]];
    safetyFactor[i] = safeties[requests.tier.codes[i]];
    inputFactor[i] = Math.min(inputFactorMax, 1 + inputLength[i] / inputScale);
  }
  return { category, inputLength, base, safetyFactor, inputFactor };
}

const cache = new WeakMap<Requests, Map<string, CalibratedColumns>>();

/**
 * What the estimator sees of each request: believed category, base, safety and input factors. Kept
 * per workload and options, because a sweep runs one workload under many policies.
 */
export function calibratedColumns(
  requests: Requests,
  { calibrator: _, calibratorOptions: __, detector: ___, learnAgainst: ____, ...options }:
    CalibratedOptions,
): CalibratedColumns {
  let kept = cache.get(requests);
  if (kept === undefined) cache.set(requests, kept = new Map());
  const key = JSON.stringify(options);
  let columns = kept.get(key);
  if (columns === undefined) kept.set(key, columns = compute(requests, options));
  return columns;
}
