import { expect, test } from "vitest";
import {
  fittingBlocks,
  idsBeyondPrompt,
} from "../../../../src/workload/readers/parsing/block-length.ts";

/** Prompts and how many ids each has. */
function fitting(...rows: readonly (readonly [tokens: number, ids: number])[]): number[] {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach(([, ids], row) => offsets[row + 1] = offsets[row] + ids);
  return fittingBlocks(Int32Array.from(rows, ([tokens]) => tokens), offsets);
}

test("a block is as long as makes the ids just cover the prompts", () => {
  expect(fitting([600, 2], [700, 2], [300, 1])).toEqual([512]);
  expect(fitting([100, 7], [90, 6])).toEqual([16]);
  // A short prompt fits every length that holds it.
  expect(fitting([200, 1])).toEqual([256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]);
  expect(fitting([100, 9])).toEqual([]);
  expect(fitting([100, 0])).toEqual([]);
  expect(fitting()).toEqual([]);
});

test("a few bad rows do not hide it, many do", () => {
  const good = Array.from({ length: 20 }, (): [number, number] => [700, 2]);
  expect(fitting(...good, [20, 2])).toEqual([512]);
  expect(fitting(...good.slice(0, 5), [20, 2])).toEqual([]);
  // Rows without ids say nothing, and one may end early.
  expect(fitting([1000, 2], [1000, 1], [1000, 0])).toEqual([512]);
  // One id for a prompt of hundreds of blocks is no sign of them.
  expect(fitting([20, 2], [5000, 1])).toEqual([]);
});

test("more ids than a prompt has room for are a problem, fewer are none", () => {
  const of = (ids: number) =>
    idsBeyondPrompt(ids, { promptTokens: 700, blockTokens: 512, field: "hash_ids" });
  expect(of(2)).toBeUndefined();
  expect(of(0)).toBeUndefined();
  expect(of(3)).toMatchObject({ field: "hash_ids", value: "3 ids" });
});
