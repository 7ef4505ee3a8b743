import { expect, test } from "vitest";
import { fittedLogs } from "../../src/fidelity/fitted-logs.ts";

test("one row a log, by the names given", () => {
  const log = { source: "x.log", refused: 0, otherLines: 0 };
  const logs = [{ ...log, steps: 10, slower_pct: -1.25 }, { ...log, steps: 20, slower_pct: 3 }];
  expect(fittedLogs({ logs }, ["a", "b"]).objects()).toEqual([
    { log: "a", steps: 10, "slower than typical": "−1.3\u00a0%" },
    { log: "b", steps: 20, "slower than typical": "+3.0\u00a0%" },
  ]);
});
