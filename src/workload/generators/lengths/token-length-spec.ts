import * as z from "zod";
import { falls, numberColumn, rises } from "../number-column.ts";
import { lognormalLengths } from "./lognormal.ts";
import { observedLengths, quantileLengths } from "./sorted.ts";
import type { TokenLengths } from "./token-lengths.ts";
import { zipfLengths } from "./zipf.ts";

/** More tokens than any request has; a table of Zipf weights of this length is 8 MB. */
const MOST_TOKENS = 1_048_576;
const Tokens = z.int().min(1).max(MOST_TOKENS);

/** A law of prompt or answer lengths in tokens, as a plain value. */
export const TokenLengthSpec = z.discriminatedUnion("model", [
  z.strictObject({ model: z.literal("constant"), tokens: Tokens }),
  z.strictObject({
    model: z.literal("uniform"),
    /** Both ends belong to it. */
    min: Tokens,
    max: Tokens,
  }),
  z.strictObject({
    model: z.literal("lognormal"),
    mean: z.number().positive().max(MOST_TOKENS),
    cv: z.number().min(0).max(100),
    /** Lengths are cut to these. */
    min: Tokens.default(1),
    max: Tokens.optional(),
  }),
  z.strictObject({
    model: z.literal("zipf"),
    exponent: z.number().min(0).max(20),
    min: Tokens.default(1),
    max: Tokens,
  }),
  z.strictObject({
    model: z.literal("empirical"),
    /** Name of the data, for tables and provenance. */
    name: z.string().min(1),
    /** Observed lengths, to be drawn with replacement. */
    tokens: numberColumn(Tokens),
  }),
  z.strictObject({
    model: z.literal("quantiles"),
    /** Lengths at the probabilities: two at least, non-decreasing. */
    values: numberColumn(z.number().min(1).max(MOST_TOKENS))
      .refine(({ length }) => length >= 2, { error: "at least two quantiles" })
      .refine((values) => !falls(values), { error: "quantiles that do not fall" }),
    /** Increasing, from 0 to 1; 0, 1/(k − 1), …, 1 by default. */
    probabilities: numberColumn(z.number().min(0).max(1))
      .refine((all) => all[0] === 0 && all[all.length - 1] === 1 && rises(all), {
        error: "probabilities that increase from 0 to 1",
      }).optional(),
  }),
]).check(({ value, issues }) => {
  if (value.model === "quantiles") {
    const { values, probabilities } = value;
    if (probabilities === undefined || probabilities.length === values.length) return;
    const message = `one probability a quantile, ${values.length}`;
    issues.push({ code: "custom", path: ["probabilities"], input: probabilities, message });
    return;
  }
  if (!("min" in value) || value.max === undefined || value.min <= value.max) return;
  issues.push({ code: "custom", path: ["max"], input: value.max, message: "a length >= min" });
});
export type TokenLengthSpec = z.output<typeof TokenLengthSpec>;

/** The law of a spec. A new one is one file, one schema above and one line here. */
export function tokenLengths(spec: TokenLengthSpec): TokenLengths {
  switch (spec.model) {
    case "constant":
      return { at: () => spec.tokens, longest: spec.tokens };
    case "uniform":
      return zipfLengths({ exponent: 0, ...spec });
    case "lognormal": {
      const { min, max = Infinity } = spec;
      const { at, longest } = lognormalLengths(spec);
      return {
        at: (z) => Math.min(max, Math.max(min, at(z))),
        longest: Math.min(max, longest),
      };
    }
    case "zipf":
      return zipfLengths(spec);
    case "empirical":
      return observedLengths(spec.tokens);
    case "quantiles":
      return quantileLengths(spec.values, spec.probabilities);
  }
}
