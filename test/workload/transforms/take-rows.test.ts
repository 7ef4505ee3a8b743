import { expect, test } from "vitest";
import { takeRows } from "../../../src/workload/transforms/take-rows.ts";
import { smallWorkload } from "./support/small-workload.ts";

const phases = [{ name: "all", first: 0, afterDrainSeconds: 0 }] as const;
const taken = { rows: Int32Array.of(6, 0, 0), arrival: Float64Array.of(1, 2, 3), phases };

test("all columns of a row go together", () => {
  const before = smallWorkload();
  const { requests, truth } = takeRows(before, taken, before.provenance);
  expect(requests.size).toBe(3);
  expect([...requests.arrival]).toEqual([1, 2, 3]);
  expect([...requests.tenant.codes]).toEqual([3, 0, 0]);
  expect([...requests.category.codes]).toEqual([0, 0, 0]);
  expect([...requests.maxTokens]).toEqual([70, 10, 10]);
  expect([...requests.promptTokens]).toEqual([6, 5, 5]);
  expect([...requests.promptWords!]).toEqual([60, 50, 50]);
  expect([0, 1, 2].map((i) => requests.promptText!(i))).toEqual(["text 6", "text 0", "text 0"]);
  expect([...truth.outputTokens]).toEqual([7, 1, 1]);
  expect([...truth.outputWords!]).toEqual([17, 11, 11]);
});

test("blocks go with their rows: ids, lengths, parts, and the id of the answer", () => {
  const { requests, ...rest } = smallWorkload();
  const promptBlocks = {
    offsets: Int32Array.of(0, 2, 2, 2, 2, 2, 2, 3),
    values: Int32Array.of(5, 6, 7),
    tokens: Int32Array.of(1, 3, 2),
    answers: Int32Array.of(8, -1, -1, -1, -1, -1, 9),
    parts: { codes: Uint8Array.of(0, 1, 1), names: ["system", "rest"] },
  };
  const before = { ...rest, requests: { ...requests, promptBlocks } };
  expect(takeRows(before, taken, before.provenance).requests.promptBlocks).toEqual({
    offsets: Int32Array.of(0, 1, 3, 5),
    values: Int32Array.of(7, 5, 6, 5, 6),
    tokens: Int32Array.of(2, 1, 3, 1, 3),
    answers: Int32Array.of(9, 8, 8),
    parts: { codes: Uint8Array.of(1, 0, 1, 0, 1), names: ["system", "rest"] },
  });
});

test("columns that a workload lacks stay lacking", () => {
  const { requests, truth, ...rest } = smallWorkload();
  const { promptWords: _words, promptText: _text, ...lengths } = requests;
  const bare = { ...rest, requests: lengths, truth: { outputTokens: truth.outputTokens } };
  const result = takeRows(bare, taken, bare.provenance);
  expect("promptWords" in result.requests).toBe(false);
  expect("promptText" in result.requests).toBe(false);
  expect("outputWords" in result.truth).toBe(false);
});
