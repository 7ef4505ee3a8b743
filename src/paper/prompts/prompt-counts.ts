import measured from "../../../data/prompt_token_counts.json" with { type: "json" };
import { CATEGORIES, type Category } from "../categories.ts";
import { type Tier, TIERS } from "../../workload/tiers.ts";
import { FORM_COUNT } from "./forms.ts";
import type { PieceCount, PromptPieces } from "./measure-pieces.ts";
import { assertPromptSpec, type PromptSpec } from "./render-prompt.ts";
import { TOPIC_COUNT } from "./topics.ts";

/**
 * Size of a prompt in both countings of the reference system. Source: driftsched reference, "Admission
 * estimate" (input tokens).
 */
export interface PromptCounts {
  /** Whitespace-separated words (`split`). */
  readonly words: number;
  /** Tokens of Qwen1.5's tokenizer without special tokens (`tokenizer`). */
  readonly tokens: number;
}

/** One counting of all pieces, flattened: forms by category · FORM_COUNT + form. */
interface CountTable {
  readonly forms: Int32Array;
  readonly topics: Int32Array;
  readonly tenants: Int32Array;
  readonly jobs: Int32Array;
  readonly frame: number;
}

const pieces: PromptPieces = measured.pieces;

function tableOf(count: (piece: PieceCount) => number): CountTable {
  const { header, forms, topics } = pieces;
  return {
    forms: Int32Array.from(
      CATEGORIES.flatMap((category) =>
        forms[category].map(({ prefix, suffix }) => count(prefix) + count(suffix))
      ),
    ),
    topics: Int32Array.from(topics, count),
    tenants: Int32Array.from(TIERS, (tenant) => count(header.tenant[tenant])),
    jobs: Int32Array.from(CATEGORIES, (category) => count(header.job[category])),
    frame: count(header.open) + count(header.digit) + count(header.close),
  };
}

const TOKENS = tableOf((piece) => piece.tokens);
const WORDS = tableOf((piece) => piece.words);

const categoryIndex = Object.fromEntries(CATEGORIES.map((name, i) => [name, i])) as Record<
  Category,
  number
>;
const tenantIndex = Object.fromEntries(TIERS.map((name, i) => [name, i])) as Record<Tier, number>;

function countOf(table: CountTable, spec: PromptSpec): number {
  const category = categoryIndex[spec.category];
  return table.frame + table.tenants[tenantIndex[spec.tenant]] +
    (spec.labelInHeader ? table.jobs[category] : 0) +
    table.forms[category * FORM_COUNT + spec.form] + table.topics[spec.topic];
}

/** Tokens of each digit of the request number after the first: Qwen1.5 splits digits one by one. */
function furtherDigits(request: number): number {
  let digits = 0;
  for (let bound = 10; bound <= request; bound *= 10) digits++;
  return digits * pieces.header.digit.tokens;
}

/**
 * Words and tokens of the prompt that `renderPrompt` would write, without writing it and without the
 * tokenizer: sums of measured pieces (`data/prompt_token_counts.json`), exact for every prompt.
 * Throws a RangeError where an index is out of range.
 */
export function promptCounts(spec: PromptSpec): PromptCounts {
  assertPromptSpec(spec);
  return {
    words: countOf(WORDS, spec),
    tokens: countOf(TOKENS, spec) + furtherDigits(spec.request),
  };
}

if (
  TOKENS.forms.length !== CATEGORIES.length * FORM_COUNT || TOKENS.topics.length !== TOPIC_COUNT
) {
  throw new Error(
    "data/prompt_token_counts.json does not fit the prompts: run `deno task measure-tokens`",
  );
}
