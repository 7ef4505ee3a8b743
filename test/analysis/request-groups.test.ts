import { expect, test } from "vitest";
import { byLength, byTurn } from "../../src/analysis/request-groups.ts";
import { smallRun } from "./small-run.ts";

test("classes of length: a bound belongs to the class above it, and every request to one", () => {
  const lengths = [0, 99, 100, 999, 1000, 5000];
  const groups = byLength(smallRun(), lengths, { bounds: [100, 1000], unit: "tokens" });
  expect(groups.map(({ name, rows }) => [name, ...rows])).toEqual([
    ["below 100 tokens", 0, 1],
    ["100 to 1,000 tokens", 2, 3],
    ["1,000 tokens or more", 4, 5],
  ]);
});

test("turns count by arrival within a conversation; who is of none has a first turn", () => {
  const run = smallRun();
  const session = { codes: Int32Array.of(1, 2, 1, 0, 1, 1), names: ["", "a", "b"] };
  const groups = byTurn({ ...run, requests: { ...run.requests, session } });
  expect(groups.map(({ name, rows }) => [name, ...rows])).toEqual([
    ["first turn", 0, 1, 3],
    ["second turn", 2],
    ["later turns", 4, 5],
  ]);
  expect(byTurn(run)).toEqual([]);
});

test("only requests that were completed are in a group", () => {
  const status = Uint8Array.from(smallRun().status);
  status[0] = 255;
  const groups = byLength(smallRun({ status }), new Int32Array(6), { bounds: [1], unit: "tokens" });
  expect(groups.map(({ rows }) => rows.length)).toEqual([5, 0]);
});
