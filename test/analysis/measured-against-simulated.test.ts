import { expect, test } from "vitest";
import { measuredAgainstSimulated } from "../../src/analysis/measured-against-simulated.ts";

const run = (arrival: number[], finish: number[]) => ({
  arrival: Float64Array.from(arrival),
  finish: Float64Array.from(finish),
});

test("each side's latency counts from its own arrival; who never ended is left out", () => {
  const table = measuredAgainstSimulated([{
    run: "a",
    other: "measured again",
    measured: run([0, 1, 2], [5, 4, 9]),
    against: run([1, 2, 3], [7, 4, NaN]),
  }]);
  expect(table.objects()).toEqual([
    { run: "a", other: "measured again", measured: 5, against: 6 },
    { run: "a", other: "measured again", measured: 3, against: 2 },
  ]);
});
