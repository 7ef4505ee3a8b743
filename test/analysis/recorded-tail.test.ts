import { expect, test } from "vitest";
import { recordedTail } from "../../src/analysis/recorded-tail.ts";

const run = (arrival: number[], finish: number[]) => ({
  arrival: Float64Array.from(arrival),
  finish: Float64Array.from(finish),
});

test("a recorded tail holds P50, P90 and P99 exactly, and ends at the slowest request", () => {
  const arrival = Array.from({ length: 101 }, (_, i) => i);
  const slow = run(arrival, arrival.map((at, i) => at + i));
  const fast = run(arrival, arrival.map((at, i) => at + i / 2));
  const rows = recordedTail([{ policy: "sjf", measured: slow, simulated: fast }], { points: 3 })
    .objects() as { source: string; share: number; seconds: number }[];
  const at = (source: string, share: number) =>
    rows.find((row) => row.source === source && row.share === share)?.seconds;
  expect([at("measured", 0.5), at("simulated", 0.5)]).toEqual([50, 25]);
  expect(at("measured", 0.1)).toBeCloseTo(90, 9);
  expect(at("measured", 0.01)).toBeCloseTo(99, 9);
  const measured = rows.filter(({ source }) => source === "measured");
  expect(measured.map(({ share }) => share)).toEqual(
    measured.map(({ share }) => share).toSorted((a, b) => b - a),
  );
  expect(measured.at(-1)!.share).toBeCloseTo(1 / 101, 9);
});

test("requests that never ended are left out, and a side on which none has", () => {
  const table = recordedTail([{
    policy: "sjf",
    measured: run([0, 1, 2], [4, NaN, 8]),
    simulated: run([0, 1, 2], [NaN, NaN, NaN]),
  }], { points: 2 });
  expect(table.objects()).toEqual([
    { policy: "sjf", source: "measured", share: 1, seconds: 4 },
    { policy: "sjf", source: "measured", share: 0.5, seconds: 5 },
    { policy: "sjf", source: "measured", share: 0.5, seconds: 5 },
  ]);
});
