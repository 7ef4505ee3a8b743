import { expect, test } from "vitest";
import { closeNames, editDistance } from "../../src/errors/close-names.ts";

// Wagner & Fischer's own examples, and the usual one.
test.each([["kitten", "sitting", 3], ["", "abc", 3], ["flaw", "lawn", 2], ["same", "same", 0]])(
  "editDistance(%j, %j) is %i, both ways",
  (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  },
);

test("closeNames(written, names) puts the closest first, whatever its capitals and namespace", () => {
  const names = ["simulate", "Simulates", "figures.latencyTail", "latencyOf", "thin"];
  expect(closeNames("SIMULATE", names)).toEqual(["simulate", "Simulates"]);
  expect(closeNames("latencytail", names)).toEqual(["figures.latencyTail"]);
  expect(closeNames("latency", names)).toEqual(["latencyOf", "figures.latencyTail"]);
  expect(closeNames("nothing like it", names)).toEqual([]);
});
