import * as z from "zod";
import { GapCv, GapFamily } from "../arrivals/gap-law.ts";
import { TokenLengthSpec } from "../lengths/token-length-spec.ts";

/** Texts of a pool at most: a table of their popularity is 8 MB. */
const MOST_TEXTS = 1_048_576;
/** Documents of a prompt, and turns of a conversation, at most. */
const MOST_DOCUMENTS = 1000;
const MOST_TURNS = 10_000;
const Seconds = z.number().min(0).max(1e6);

/** Whose prompts take their texts from one pool: those of the class, of the tenant, or all. */
export const TextScope = z.enum(["class", "tenant", "everybody"]);
export type TextScope = z.output<typeof TextScope>;

const Documents = z.int().min(0).max(MOST_DOCUMENTS);
/** A number that is the same for all, or equally likely each of `min` to `max`. */
const DocumentCount = z.union([
  Documents,
  z.strictObject({ min: Documents, max: Documents })
    .refine(({ min, max }) => min <= max, { path: ["max"], error: "a number >= min" }),
], { error: "a number, or { min, max }" });

/** How many turns conversations have. */
export const TurnsSpec = z.discriminatedUnion("law", [
  z.strictObject({ law: z.literal("constant"), turns: z.int().min(1).max(MOST_TURNS) }),
  /** After each turn there is another one with probability 1 − 1/mean, until there are `most`. */
  z.strictObject({
    law: z.literal("geometric"),
    mean: z.number().min(1).max(MOST_TURNS),
    most: z.int().min(1).max(MOST_TURNS).default(MOST_TURNS),
  }),
]);
export type TurnsSpec = z.output<typeof TurnsSpec>;

/**
 * What prompts of a class share with other prompts. A prompt is its system prompt, its documents and a
 * text of its own, whose length is the class's `prompt`; a later turn of a conversation is the prompt
 * and the answer before it, then documents and a text of its own.
 */
export const PromptSpec = z.strictObject({
  /** One text of a pool begins each prompt, and stays that of its conversation. */
  system: z.strictObject({
    texts: z.int().min(1).max(MOST_TEXTS).default(1),
    /** Text k has weight k^−exponent (Zipf); 0: all are equally likely. */
    exponent: z.number().min(0).max(20).default(0),
    tokens: TokenLengthSpec,
    sharedBy: TextScope.default("class"),
  }).optional(),
  /** Different texts of a pool, in the order in which they are drawn: passages that a search found. */
  documents: z.strictObject({
    texts: z.int().min(1).max(MOST_TEXTS),
    exponent: z.number().min(0).max(20).default(0),
    tokens: TokenLengthSpec,
    perPrompt: DocumentCount.default(1),
    sharedBy: TextScope.default("class"),
  }).refine(({ texts, perPrompt }) => mostOf(perPrompt) <= texts, {
    path: ["perPrompt"],
    error: "at most as many documents as there are texts",
  }).optional(),
  /**
   * Arrivals of the stream are then those of conversations: each begins one. Later turns arrive in an
   * open loop, whatever the server does: a turn comes as long after the one before as its answer is
   * expected to take (`answerSeconds`), and the user then to think.
   */
  conversation: z.strictObject({
    turns: TurnsSpec,
    thinkSeconds: z.strictObject({
      mean: Seconds,
      cv: GapCv.default(1),
      family: GapFamily.default("gamma"),
    }),
    answerSeconds: z.strictObject({
      first: Seconds.default(1),
      perToken: Seconds.default(0.05),
    }).prefault({}),
  }).optional(),
});
export type PromptSpec = z.output<typeof PromptSpec>;
export type DocumentCount = z.output<typeof DocumentCount>;

/** The most documents that a prompt can have. */
function mostOf(count: DocumentCount): number {
  return typeof count === "number" ? count : count.max;
}
