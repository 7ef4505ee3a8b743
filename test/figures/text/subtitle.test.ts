import { expect, test } from "vitest";
import { subtitleOf } from "../../../src/figures/text/subtitle.ts";

test("a subtitle says what was run, how many seeds, and what the intervals are", () => {
  expect(subtitleOf({ setting: "paper workload", seeds: 30, intervals: "bars" }))
    .toBe("Paper workload; mean of 30 paired seeds; bars: 95 % bootstrap intervals");
});

test("one seed is one run, and no intervals are not spoken of", () => {
  expect(subtitleOf({ seeds: 1, intervals: "none" })).toBe("One run");
});

test("intervals of an unknown number of seeds are still of paired seeds", () => {
  expect(subtitleOf({ intervals: "bands", note: "× the paper" }))
    .toBe("Means over paired seeds; bands: 95 % bootstrap intervals; × the paper");
});

test("repetitions that are not seeds are called what they are", () => {
  expect(subtitleOf({ seeds: 200, repetitions: "resampled traces", intervals: "bars" }))
    .toBe("Mean of 200 resampled traces; bars: 95 % bootstrap intervals");
});
