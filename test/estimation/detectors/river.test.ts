import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { DriftSignal } from "../../../src/estimation/detectors/detector.ts";
import { createDetector } from "../../../src/estimation/detectors/registry.ts";

interface Alarms {
  readonly drift: readonly number[];
  readonly warning?: readonly number[];
}

interface Stream {
  readonly id: string;
  readonly values: readonly number[];
  readonly alarms: Readonly<Record<string, Alarms>>;
}

const STREAMS: readonly Stream[] = gunzipSync(
  readFileSync(new URL("../../fixtures/drift/river-0.26.1.jsonl.gz", import.meta.url)),
)
  .toString().trimEnd().split("\n").map((line) => JSON.parse(line));

/** What the recording calls a detector, how many streams it saw, and what that is here. */
const RECORDED = [
  ["page_hinkley", 48, { name: "page-hinkley" }],
  ["page_hinkley_t10_up", 48, { name: "page-hinkley", options: { threshold: 10, mode: "up" } }],
  ["page_hinkley_t10_down", 48, { name: "page-hinkley", options: { threshold: 10, mode: "down" } }],
  ["page_hinkley_t5", 48, { name: "page-hinkley", options: { threshold: 5 } }],
  ["adwin", 56, { name: "adwin" }],
  ["adwin_d01", 48, { name: "adwin", options: { delta: 0.01 } }],
  ["ddm", 8, { name: "ddm" }],
] as const;

test("every recorded detector is compared", () => {
  const recorded = STREAMS.flatMap(({ alarms }) => Object.keys(alarms));
  expect([...new Set(recorded)].sort()).toEqual(RECORDED.map(([key]) => key).sort());
});

describe.each(RECORDED)("%s on %i streams", (key, count, choice) => {
  const streams = STREAMS.filter(({ alarms }) => key in alarms);

  test("has that many streams, and alarms on some of them", () => {
    expect(streams).toHaveLength(count);
    expect(streams.some(({ alarms }) => alarms[key].drift.length > 0)).toBe(true);
  });

  test.each(streams)("$id: alarms and warnings are river's, at the same values", (stream) => {
    const detector = createDetector(choice);
    const signals = stream.values.map((value, at) => detector.update(value, at));
    const where = (signal: DriftSignal) =>
      signals.flatMap((found, at) => found === signal ? [at] : []);
    const { drift, warning = [] } = stream.alarms[key];
    expect(where("drift")).toEqual(drift);
    expect(where("warning")).toEqual(warning);
  });
});
