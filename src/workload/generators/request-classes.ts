import { InputError } from "../../errors/input-error.ts";
import { driftFactor, type FactorDrift, isOn, type SwapDrift } from "./drift.ts";
import { tokenLengths } from "./lengths/token-length-spec.ts";
import type { TokenLengths } from "./lengths/token-lengths.ts";
import type { RequestClass, WorkloadSpec } from "./workload-spec.ts";

/** Cap on answers of a class whose lengths have no bound. */
const DEFAULT_MAX_TOKENS = 4096;

/** A class ready to be drawn from. */
export interface PreparedClass {
  readonly label: RequestClass;
  readonly prompt: TokenLengths;
  readonly output: TokenLengths;
  readonly maxTokens: number;
  /** Weight of the answer's own normal number beside the prompt's, √(1 − correlation²). */
  readonly own: number;
  readonly promptDrift: readonly FactorDrift[];
  readonly outputDrift: readonly FactorDrift[];
  /** From when on the lengths are those of another class of the stream. */
  readonly swaps: readonly { readonly drift: SwapDrift; readonly withClass: number }[];
}

/** The classes of one stream. Throws an InputError where a swap finds no partner. */
export function prepareClasses(spec: WorkloadSpec, stream: number): readonly PreparedClass[] {
  const { classes } = spec.streams[stream];
  const laws = classes.map(({ prompt, output }) => ({
    prompt: tokenLengths(prompt),
    output: tokenLengths(output),
  }));
  const swaps = spec.drift.flatMap((drift, index) =>
    drift.drift === "swap" ? [{ drift, index }] : []
  );
  return classes.map((label, i) => {
    const factors = spec.drift.filter((drift) =>
      drift.drift !== "swap" &&
      (drift.tenant ?? label.tenant) === label.tenant &&
      (drift.category ?? label.category) === label.category
    ) as FactorDrift[];
    const outputDrift = factors.filter(({ of }) => of !== "prompt");
    const own = swaps.flatMap(({ drift, index }) => {
      const place = drift.categories.indexOf(label.category);
      if (place < 0) return [];
      const category = drift.categories[1 - place];
      const withClass = classes.findIndex((other) =>
        other.category === category && other.tenant === label.tenant && other.tier === label.tier
      );
      if (withClass >= 0) return [{ drift, withClass }];
      throw new InputError({
        file: "workload spec",
        field: `drift.${index}.categories`,
        value: drift.categories,
        expected:
          `a class of category ${category} for tenant ${label.tenant}, tier ${label.tier} ` +
          `in stream ${stream}, with which to swap`,
      });
    });
    const longest = Math.max(...[i, ...own.map(({ withClass }) => withClass)]
      .map((each) => laws[each].output.longest)) *
      outputDrift.reduce((product, { factor }) => product * Math.max(1, factor), 1);
    return {
      label,
      ...laws[i],
      maxTokens: label.maxTokens ??
        (longest < 0x7fffffff ? Math.max(1, Math.round(longest)) : DEFAULT_MAX_TOKENS),
      own: Math.sqrt(1 - label.correlation * label.correlation),
      promptDrift: factors.filter(({ of }) => of !== "output"),
      outputDrift,
      swaps: own,
    };
  });
}

/** The class whose lengths a request of class `index` has at an instant; an even number of swaps is none. */
export function lengthsClass(
  classes: readonly PreparedClass[],
  index: number,
  seconds: number,
): PreparedClass {
  let at = index;
  for (const { drift, withClass } of classes[index].swaps) {
    if (isOn(drift, seconds)) at = at === index ? withClass : index;
  }
  return classes[at];
}

/** Product of drifts at an instant. */
export function driftProduct(drifts: readonly FactorDrift[], seconds: number): number {
  let product = 1;
  for (const drift of drifts) product *= driftFactor(drift, seconds);
  return product;
}
