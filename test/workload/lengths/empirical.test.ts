import { expect, test } from "vitest";
import { substream } from "../../../src/random/substream.ts";
import { empiricalLengths } from "../../../src/workload/lengths/empirical.ts";

test("only observed lengths are drawn, each as often as it was observed", () => {
  const observed = Int32Array.of(3, 3, 3, 50, 700, 700);
  const model = empiricalLengths("a log", observed);
  expect(model.name).toBe("a log");
  const random = substream(2, "test/empirical");
  const counts = new Map<number, number>();
  const n = 60_000;
  for (let i = 0; i < n; i++) {
    const length = model.draw(random, "report", 512);
    counts.set(length, (counts.get(length) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([3, 50, 700]);
  for (const [length, share] of [[3, 1 / 2], [50, 1 / 6], [700, 1 / 3]]) {
    expect(Math.abs(counts.get(length)! / n - share)).toBeLessThan(4 * Math.sqrt(share / n));
  }
});

test("neither category nor cap changes what is drawn", () => {
  const model = empiricalLengths("a log", Int32Array.from({ length: 1000 }, (_, i) => i));
  const [left, right] = [substream(3, "same"), substream(3, "same")];
  for (let i = 0; i < 100; i++) {
    expect(model.draw(left, "short_qa", 64)).toBe(model.draw(right, "report", 512));
  }
});
