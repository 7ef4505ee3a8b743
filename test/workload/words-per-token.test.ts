import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadCounters, stableJson, wordsPerToken } from "../../src/tasks/measure-tokens.ts";
import { CATEGORIES, type Category } from "../../src/paper/categories.ts";
import { FORM_COUNT } from "../../src/paper/prompts/forms.ts";
import { parseSampleAnswer, type SampleAnswer } from "../../src/paper/prompts/sample-answer.ts";
import { TOPICS } from "../../src/paper/prompts/topics.ts";
import {
  meanWordsPerToken,
  MEASURED_CATEGORIES,
  WORDS_PER_TOKEN,
} from "../../src/workload/words-per-token.ts";
import { InputError } from "../../src/errors/input-error.ts";

const data = new URL("../../data/", import.meta.url);
const committed = readFileSync(new URL("words_per_token.json", data), "utf8");

function answersOf(category: Category): SampleAnswer[] {
  const folder = new URL(`sample_answers/${category}/`, data);
  return readdirSync(folder).map((name) =>
    parseSampleAnswer(readFileSync(new URL(name, folder), "utf8"), name)
  );
}

/** All runs of five words of a text, where the rules of tables are no words. */
function shingles(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.slice(4).map((_, i) => words.slice(i, i + 5).join(" ")));
}

test("data/words_per_token.json is what the real tokenizer counts today, byte for byte", () => {
  expect(committed).toBe(stableJson(wordsPerToken(loadCounters())));
});

test("the exported ratios and means are those of the file", () => {
  const file = JSON.parse(committed);
  for (const category of CATEGORIES) {
    const { answers, mean } = file.categories[category];
    expect([...WORDS_PER_TOKEN[category]]).toEqual(answers.map((a: { ratio: number }) => a.ratio));
    const own = WORDS_PER_TOKEN[category].reduce((sum, r) => sum + r, 0) / answers.length;
    expect(meanWordsPerToken(category)).toBeCloseTo(own, 6);
    expect(meanWordsPerToken(category)).toBe(mean);
  }
});

test("the measured categories are the folders of sample answers, shortest answers first", () => {
  const folders = readdirSync(new URL("sample_answers/", data), { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const { categories } = JSON.parse(committed);
  const length = (name: string) =>
    categories[name].answers.reduce(
      (sum: number, { tokens }: { tokens: number }) => sum + tokens,
      0,
    );
  expect(MEASURED_CATEGORIES).toEqual(folders.sort((a, b) => length(a) - length(b)));
  // The twin draws by place in this list, the paper's workload by place in its own.
  expect(MEASURED_CATEGORIES).toEqual(CATEGORIES);
});

test.each(["poem", "constructor"])("a category without sample answers is refused: %s", (name) => {
  expect(() => meanWordsPerToken(name)).toThrow(InputError);
  expect(() => meanWordsPerToken(name)).toThrow(
    `field category: got "${name}", expected a category with sample answers, one of short_qa`,
  );
});

test("code-heavy answers hold fewer words a token than prose, so technical is the lowest", () => {
  for (const category of ["short_qa", "summary", "report"] as const) {
    expect(meanWordsPerToken("technical")).toBeLessThan(meanWordsPerToken(category) - 0.1);
  }
});

test.each([["short_qa", 25, 70], ["summary", 120, 280], ["technical", 200, 420], [
  "report",
  300,
  560,
]])("answers of %s are %d to %d tokens long", (category, low, high) => {
  for (const { file, tokens } of JSON.parse(committed).categories[category].answers) {
    expect(tokens, file).toBeGreaterThanOrEqual(low);
    expect(tokens, file).toBeLessThanOrEqual(high);
  }
});

test("every question form of every category is answered six times", () => {
  for (const category of CATEGORIES) {
    const perForm = new Array(FORM_COUNT).fill(0);
    for (const { form } of answersOf(category)) perForm[form]++;
    expect(perForm).toEqual([6, 6, 6, 6, 6]);
  }
});

test("the answers of each category come in at least five shapes, and touch all topics together", () => {
  for (const category of CATEGORIES) {
    expect(new Set(answersOf(category).map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(5);
  }
  const topics = new Set(CATEGORIES.flatMap(answersOf).map(({ topic }) => topic));
  expect(topics.size).toBe(TOPICS.length);
});

test("no answer repeats another: any two share less than 5 % of their five-word runs", () => {
  const all = CATEGORIES.flatMap(answersOf).map(({ text }) => shingles(text));
  for (let i = 0; i < all.length; i++) {
    for (let j = 0; j < i; j++) {
      const shared = [...all[i]].filter((run) => all[j].has(run)).length;
      expect(shared / Math.min(all[i].size, all[j].size)).toBeLessThan(0.05);
    }
  }
});
