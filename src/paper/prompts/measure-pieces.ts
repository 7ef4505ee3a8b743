import { CATEGORIES, type Category } from "../categories.ts";
import { type Tier, TIERS } from "../../workload/tiers.ts";
import { FORMS } from "./forms.ts";
import { HEADER_CLOSE, HEADER_OPEN, jobField, tenantField } from "./header.ts";
import { TOPICS } from "./topics.ts";

/** What one piece of a prompt adds to the prompt's counts. */
export interface PieceCount {
  readonly text: string;
  readonly tokens: number;
  /** Words that begin in this piece, so that the pieces of a prompt add up to the whole. */
  readonly words: number;
}

/** Counts of every piece that prompts are put together from. */
export interface PromptPieces {
  readonly header: {
    readonly open: PieceCount;
    /** Each digit of the request number is one token; all of them together are one word. */
    readonly digit: PieceCount;
    readonly tenant: Readonly<Record<Tier, PieceCount>>;
    readonly job: Readonly<Record<Category, PieceCount>>;
    readonly close: PieceCount;
  };
  readonly forms: Readonly<
    Record<Category, readonly { readonly prefix: PieceCount; readonly suffix: PieceCount }[]>
  >;
  readonly topics: readonly PieceCount[];
}

/** How a text is counted. */
export interface TextCounters {
  /** Tokens of the model's own tokenizer, without special tokens. */
  tokens(text: string): number;
  /** Whitespace-separated words, as Python's `str.split()` finds them. */
  words(text: string): number;
}

function byName<K extends string, V>(names: readonly K[], value: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>;
}

/**
 * Counts every piece of {@link FORMS}, {@link TOPICS} and the header, in the countings of the driftsched
 * reference, "Admission estimate" (input tokens).
 */
export function measurePieces(count: TextCounters): PromptPieces {
  const piece = (text: string): PieceCount => ({
    text,
    tokens: count.tokens(text),
    words: count.words(text),
  });
  /** A piece behind a word: what it holds up to its first space belongs to that word. */
  const tail = (text: string): PieceCount => ({
    ...piece(text),
    words: count.words(`x${text}`) - 1,
  });
  return {
    header: {
      open: piece(HEADER_OPEN),
      digit: piece("0"),
      tenant: byName(TIERS, (tenant) => tail(tenantField(tenant))),
      job: byName(CATEGORIES, (category) => tail(jobField(category))),
      close: tail(HEADER_CLOSE),
    },
    forms: byName(
      CATEGORIES,
      (category) =>
        FORMS[category].map(({ prefix, suffix }) => ({
          prefix: piece(prefix),
          suffix: tail(suffix),
        })),
    ),
    topics: TOPICS.map((topic) => piece(` ${topic}`)),
  };
}
