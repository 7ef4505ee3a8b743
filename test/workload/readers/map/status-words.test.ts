import { expect, test } from "vitest";
import { outcomeOf } from "../../../../src/workload/readers/map/status-words.ts";

test.each([
  ["200", "answered"],
  ["206", "answered"],
  ["200.0", "answered"],
  [" OK ", "answered"],
  ["Success", "answered"],
  ["completed", "answered"],
  ["true", "answered"],
  ["stop", "answered"],
  ["length", "answered"],
  ["301", "failed"],
  ["404", "failed"],
  ["500", "failed"],
  ["False", "failed"],
  ["error", "failed"],
  ["timeout", "failed"],
  ["429", "rejected"],
  ["rejected", "rejected"],
  ["499", "cancelled"],
  ["aborted", "cancelled"],
  ["canceled", "cancelled"],
])("%j says %s", (word, outcome) => {
  expect(outcomeOf(word)).toBe(outcome);
});

test.each(["0", "1", "", "600", "2000", "pending", "20", "-200"])(
  "nobody knows what %j says",
  (word) => {
    expect(outcomeOf(word)).toBeUndefined();
  },
);

test("words of a map mean an answer, and all else none", () => {
  expect(["0", "1", "ok", "429", "DONE"].map((word) => outcomeOf(word, ["0", "done"])))
    .toEqual(["answered", "failed", "failed", "rejected", "answered"]);
  expect(["200", "299", "300", "20", "2xx"].map((word) => outcomeOf(word, ["2xx"])))
    .toEqual(["answered", "answered", "failed", "failed", "failed"]);
});
