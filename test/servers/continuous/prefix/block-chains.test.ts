import fc from "fast-check";
import { expect, test } from "vitest";
import { BlockChains } from "../../../../src/servers/continuous/prefix/block-chains.ts";
import { contentOfPieces, type Piece } from "../../../../src/workload/content-of-pieces.ts";

const piece = fc.tuple(fc.nat(2), fc.nat(3), fc.integer({ min: 1, max: 9 }));
const row = fc.record({
  pieces: fc.array(piece, { maxLength: 4 }),
  /** Another row's prompt and answer in front. */
  after: fc.option(fc.nat(5), { nil: undefined }),
  own: fc.nat(5),
  answer: fc.integer({ min: 1, max: 9 }),
});

/** Every token of prompt and answer in words. */
function tokensOf(pieces: readonly Piece[], own: number, row: number, answer: number): string[] {
  const tokens = pieces.flatMap(([text, from, count]) =>
    Array.from({ length: count }, (_, i) => `${text}.${from + i}`)
  );
  for (let i = 0; i < own; i++) tokens.push(`own ${row}.${i}`);
  for (let i = 0; i < answer; i++) tokens.push(`${-1 - row}.${i}`);
  return tokens;
}

test("two blocks have one number where all tokens up to their ends are the same, and only there", () => {
  let shared = 0;
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 2, maxLength: 8 }),
      fc.constantFrom(1, 3, 4),
      (rows, blockSize) => {
        const prompts: Piece[][] = [];
        rows.forEach(({ pieces, after }, i) => {
          const earlier = after !== undefined && after < i ? after : undefined;
          prompts.push(
            earlier === undefined
              ? pieces.map((each) => [...each] as Piece)
              : [...prompts[earlier], [-1 - earlier, 0, rows[earlier].answer], ...pieces],
          );
        });
        // A row with a remainder of its own cannot go on with its answer.
        const own = rows.map((each, i) =>
          prompts.some((other) => other.some(([text]) => text === -1 - i)) ? 0 : each.own
        );
        const words = rows.map(({ answer }, i) => tokensOf(prompts[i], own[i], i, answer));
        const promptTokens = Int32Array.from(words, (all, i) => all.length - rows[i].answer);
        const outputTokens = Int32Array.from(rows, ({ answer }) => answer);
        fc.pre(promptTokens.every((tokens) => tokens > 0));
        const chains = new BlockChains(
          contentOfPieces(prompts),
          { promptTokens, outputTokens },
          { blockSize, maxModelLen: 10_000 },
        );
        const meaning = new Map<number, string>();
        const users = new Map<string, Set<number>>();
        words.forEach((all, i) => {
          for (let end = blockSize; end <= all.length; end += blockSize) {
            const text = all.slice(0, end).join(" ");
            users.set(text, (users.get(text) ?? new Set()).add(i));
          }
        });
        words.forEach((all, i) => {
          const numbers = new Int32Array(chains.shared(i));
          chains.copy(i, numbers);
          for (let block = 0; (block + 1) * blockSize <= all.length; block++) {
            const text = all.slice(0, (block + 1) * blockSize).join(" ");
            if (block < numbers.length) {
              expect(meaning.get(numbers[block]) ?? text).toBe(text);
              meaning.set(numbers[block], text);
              shared++;
            } else expect(users.get(text)!.size, text).toBe(1);
          }
        });
        // One text, one number.
        expect(new Set(meaning.values()).size).toBe(meaning.size);
      },
    ),
    { numRuns: 3000 },
  );
  expect(shared).toBeGreaterThan(5000);
});

test("whether prompts hold answers is told", () => {
  const chainsOf = (prompts: Piece[][]) =>
    new BlockChains(
      contentOfPieces(prompts),
      { promptTokens: new Int32Array(2).fill(9), outputTokens: new Int32Array(2).fill(4) },
      { blockSize: 4, maxModelLen: 100 },
    );
  expect(chainsOf([[[1, 0, 9]], [[1, 0, 9]]]).sharesAnswers).toBe(false);
  expect(chainsOf([[[1, 0, 9]], [[1, 0, 5], [-1, 0, 4]]]).sharesAnswers).toBe(true);
});
