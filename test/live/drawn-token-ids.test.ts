import { expect, test } from "vitest";
import { answerTokenIds, drawnTokenIds, promptTokenIds } from "../../src/live/drawn-token-ids.ts";
import { handWorkload } from "../support/workloads.ts";

const draw = { low: 1000, high: 30_000, seed: 1 };

test("ids lie in their bounds and hit both ends", () => {
  const ids = drawnTokenIds(2000, { low: 5, high: 9, seed: 1 }, "x");
  expect(new Set(ids)).toEqual(new Set([5, 6, 7, 8]));
});

/** Prompts of 700, 690 and 30 tokens; the second and the first begin alike, then part. */
const requests = {
  ...handWorkload({ arrival: [0, 1, 2], promptTokens: [700, 690, 30] }).requests,
  promptBlocks: {
    offsets: Int32Array.of(0, 2, 4, 5),
    values: Int32Array.of(3, 4, 3, 5, 4),
    tokens: Int32Array.of(300, 350, 300, 390, 20),
    answers: Int32Array.of(5, -1, -1),
  },
};

test("what prompts share has the same ids, and nothing else has", () => {
  const ids = promptTokenIds(requests, draw);
  const [a, b, c] = [0, 1, 2].map((row) => [...ids(row)]);
  expect([a.length, b.length, c.length]).toEqual([700, 690, 30]);
  expect(b.slice(0, 300)).toEqual(a.slice(0, 300));
  const alike = (x: number[], y: number[]) => x.filter((id, i) => id === y[i]).length;
  expect(alike(a.slice(300), b.slice(300))).toBeLessThan(5);
  // The same text elsewhere.
  expect(c.slice(0, 20)).toEqual(a.slice(300, 320));
  // Beyond its blocks each prompt is its own.
  expect(alike(a.slice(650), c.slice(20))).toBeLessThan(3);
  expect([...promptTokenIds(requests, draw)(0)]).toEqual(a);
  expect([...promptTokenIds(requests, { ...draw, seed: 2 })(0)]).not.toEqual(a);
});

test("an answer that a later prompt repeats has the ids that it has there", () => {
  const answer = answerTokenIds(requests, draw);
  expect(answer(0, 390)).toEqual(promptTokenIds(requests, draw)(1).subarray(300));
  expect(answer(0, 5)).toEqual(answer(0, 390)!.subarray(0, 5));
  expect(answer(1, 5)).toBeUndefined();
  const { promptBlocks: _, ...plain } = requests;
  expect(answerTokenIds(plain, draw)(0, 5)).toBeUndefined();
});
