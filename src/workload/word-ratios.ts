import * as z from "zod";
import { type Random, uniformInt } from "../random/substream.ts";
import { assertMeasured, meanWordsPerToken, WORDS_PER_TOKEN } from "./words-per-token.ts";

/** How many whitespace words an answer has per token, as a plain value. */
export const WordsPerTokenSpec = z.discriminatedUnion("model", [
  z.strictObject({
    /** Drawn from the ratios measured on our sample answers of the same category. */
    model: z.literal("measured"),
    /** If given, each category's ratios are scaled so that their mean is this. */
    mean: z.number().positive().optional(),
  }),
  z.strictObject({ model: z.literal("constant"), ratio: z.number().positive() }),
]);
export type WordsPerTokenSpec = z.output<typeof WordsPerTokenSpec>;

/** Draws the words per token of one answer. */
export interface WordRatios {
  /** With the model `measured`, an InputError for a category that has no sample answers. */
  draw(random: Random, category: string): number;
}

/** Makes the model of a spec. */
export function wordRatios(spec: WordsPerTokenSpec): WordRatios {
  if (spec.model === "constant") return { draw: () => spec.ratio };
  const { mean } = spec;
  return {
    draw(random: Random, category: string): number {
      assertMeasured(category);
      const measured = WORDS_PER_TOKEN[category];
      const ratio = measured[uniformInt(random, measured.length)];
      return mean === undefined ? ratio : ratio * mean / meanWordsPerToken(category);
    },
  };
}
