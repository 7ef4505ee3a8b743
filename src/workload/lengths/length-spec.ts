import * as z from "zod";
import { empiricalLengths } from "./empirical.ts";
import { fractionOfCap } from "./fraction-of-cap.ts";
import type { LengthModel } from "./length-model.ts";

const Empirical = z.strictObject({
  model: z.literal("empirical"),
  /** Name of the data, for tables and provenance. */
  name: z.string().min(1),
  /** Observed answer lengths: at least one of them, each of at least one token. */
  tokens: z.custom<Int32Array>((value) => value instanceof Int32Array && value.length > 0, {
    error: "an Int32Array of at least one length",
  }).check(({ value, issues }) => {
    const at = value.findIndex((length) => length < 1);
    if (at < 0) return;
    const message = "a length of at least one token";
    issues.push({ code: "custom", path: [at], input: value, message });
  }),
});

/** A length model of one's own: a function that draws. */
const Own = z.strictObject({
  model: z.literal("own"),
  /** For tables and provenance. */
  name: z.string().min(1),
  /** Tokens, not rounded, of an answer whose category has `cap` output tokens. */
  draw: z.custom<LengthModel["draw"]>((value) => typeof value === "function", {
    error: "a function (random, category, cap) that draws a length in tokens",
  }),
});

function specOver<Name extends z.ZodType<string, string>>(category: Name) {
  return z.discriminatedUnion("model", [
    z.strictObject({
      model: z.literal("fraction-of-cap"),
      /**
       * Mean length as a share of the category's cap, before the cap cuts: one number, or one for
       * each category by name, 1 for those not named.
       */
      meanFraction: z.union([
        z.number().positive(),
        z.partialRecord(category, z.number().positive()),
      ]).default(1.25),
      /** Coefficient of variation of that length. */
      cv: z.number().min(0).default(0.3),
    }),
    Empirical,
    Own,
  ]);
}

/**
 * A length model as a plain value, so that it can be a parameter, cross to a worker and be kept; or one
 * of your own, which crosses to a worker where it comes from a module (`fromModule`).
 *
 * @example
 * const spiky = LengthSpec.parse({
 *   model: "own",
 *   name: "one token or the cap",
 *   draw: (random: { next(): number }, _category: string, cap: number) =>
 *     random.next() < 0.5 ? 1 : cap,
 * });
 */
export const LengthSpec = specOver(z.string());
export type LengthSpec = z.output<typeof LengthSpec>;

/**
 * {@link LengthSpec} for a workload whose categories are known: a share of any other category is
 * refused, because it would go unused.
 *
 * @example
 * const Lengths = workloads.lengthSpecOver(["chat", "code"]);
 * Lengths.parse({ model: "fraction-of-cap", meanFraction: { chat: 0.4 } });
 */
export function lengthSpecOver<const Names extends readonly string[]>(categories: Names) {
  return specOver(z.enum(categories));
}

/** Makes the model of a spec. A new model is one file, one schema and one line here. */
export function lengthModel(spec: LengthSpec): LengthModel {
  switch (spec.model) {
    case "fraction-of-cap":
      return fractionOfCap(spec);
    case "empirical":
      return empiricalLengths(spec.name, spec.tokens);
    case "own":
      return spec;
  }
}
