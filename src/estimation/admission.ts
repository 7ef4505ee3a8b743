import { InputError } from "../errors/input-error.ts";
import { CATEGORIES } from "../paper/categories.ts";
import { TIERS } from "../workload/tiers.ts";
import type { Labels, Requests } from "../workload/workload.ts";
import { classifyPrompt } from "../paper/classify.ts";
import type { EstimateOptions } from "./options.ts";

/** The part of the admission estimate that does not depend on what was learned. Shape (n) each. */
export interface AdmissionColumns {
  /** Category that the estimator believes; one calibration factor each. */
  readonly category: Labels;
  /** Prompt length in the unit of the counting mode. */
  readonly inputTokens: Int32Array;
  /** Base output length of that category. */
  readonly baseTokens: Float64Array;
  readonly safetyFactor: Float64Array;
  readonly inputFactor: Float64Array;
}

function believedCategory(requests: Requests, classifier: EstimateOptions["classifier"]): Labels {
  const { promptText } = requests;
  if (classifier === "given" || (classifier === "auto" && promptText === undefined)) {
    return requests.category;
  }
  if (promptText === undefined) {
    throw new InputError({
      file: "parameters",
      field: "classifier",
      value: classifier,
      expected: "given (this workload holds no prompt text to look for keywords in)",
    });
  }
  const codes = new Uint8Array(requests.size);
  const codeOf = new Map(CATEGORIES.map((category, code) => [category, code]));
  for (let i = 0; i < codes.length; i++) codes[i] = codeOf.get(classifyPrompt(promptText(i)))!;
  return { codes, names: CATEGORIES };
}

function inputLengths(requests: Requests, counting: EstimateOptions["counting"]): Int32Array {
  if (counting === "tokenizer") return requests.promptTokens;
  if (requests.promptWords !== undefined) return requests.promptWords;
  throw new InputError({
    file: "parameters",
    field: "counting",
    value: counting,
    expected: "tokenizer (this workload holds token lengths only, no words)",
  });
}

/** Refuses a name that neither this workload nor the paper has: its number would go unused. */
function assertKnown(field: string, given: Record<string, number>, names: readonly string[]): void {
  for (const [name, value] of Object.entries(given)) {
    if (names.includes(name)) continue;
    throw new InputError({
      file: "scheduler options",
      field: `estimate.${field}.${name}`,
      value,
      expected: `a known name, one of ${[...new Set(names)].join(", ")}`,
    });
  }
}

function compute(requests: Requests, options: EstimateOptions): AdmissionColumns {
  const { counting, classifier, inputScale, inputFactorMax } = options;
  const category = believedCategory(requests, classifier);
  assertKnown("baseTokens", options.baseTokens, [...category.names, ...CATEGORIES]);
  assertKnown("safetyFactors", options.safetyFactors, [...requests.tier.names, ...TIERS]);
  const inputTokens = inputLengths(requests, counting);
  // Names come from the data: one may be that of a property every object has.
  const of = (values: Readonly<Record<string, number>>, name: string, otherwise: number) =>
    Object.hasOwn(values, name) ? values[name] : otherwise;
  const bases = category.names.map((name) =>
    of(options.baseTokens, name, options.defaultBaseTokens)
  );
  const safeties = requests.tier.names.map((name) => of(options.safetyFactors, name, 1));
  const baseTokens = new Float64Array(requests.size);
  const safetyFactor = new Float64Array(requests.size);
  const inputFactor = new Float64Array(requests.size);
  for (let i = 0; i < requests.size; i++) {
    baseTokens[i] = bases[category.codes[i]];
    safetyFactor[i] = safeties[requests.tier.codes[i]];
    inputFactor[i] = Math.min(inputFactorMax, 1 + inputTokens[i] / inputScale);
  }
  return { category, inputTokens, baseTokens, safetyFactor, inputFactor };
}

const cache = new WeakMap<Requests, Map<string, AdmissionColumns>>();

/**
 * What the estimator sees of each request: believed category, base, safety and input factors.
 * Kept per workload and options, because a sweep runs one workload under many policies.
 */
export function admissionColumns(requests: Requests, options: EstimateOptions): AdmissionColumns {
  let known = cache.get(requests);
  if (known === undefined) cache.set(requests, known = new Map());
  const key = JSON.stringify(options);
  let columns = known.get(key);
  if (columns === undefined) known.set(key, columns = compute(requests, options));
  return columns;
}

/**
 * Estimated output length: floor(base × bias × safety × input factor), multiplied in that order.
 * Source: driftsched reference, "Admission estimate".
 */
export function estimateOutput(columns: AdmissionColumns, request: number, bias: number): number {
  return Math.floor(
    columns.baseTokens[request] * bias * columns.safetyFactor[request] *
      columns.inputFactor[request],
  );
}

/** Job class of a total token budget: short ≤ 128 < medium ≤ 512 < long. */
export function jobClass(totalBudget: number): "short" | "medium" | "long" {
  return totalBudget <= 128 ? "short" : totalBudget <= 512 ? "medium" : "long";
}
