import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { parseMetricsText } from "../../../src/live/telemetry/metrics-text.ts";

const recorded = (name: string) =>
  Deno.readTextFileSync(
    new URL(`../../fixtures/vllm-0.30-cpu/metrics/${name}.txt`, import.meta.url),
  );

/** What a page says, by regular expression: the oracle for pages with simple labels. */
function valueIn(page: string, line: RegExp): number {
  return Number(new RegExp(`^${line.source} (\\S+)$`, "m").exec(page)![1]);
}

test.each(["s1", "s3", "s6"])("a page of a real server, %s: every sample is there", (name) => {
  const text = recorded(name);
  const { values, histograms } = parseMetricsText(text, name);
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;
  const plain = values.values().reduce((sum, list) => sum + list.length, 0);
  const inHistograms = histograms.values().reduce(
    (sum, list) =>
      sum + list.reduce((parts, { histogram }) => parts + histogram.bounds.length + 2, 0),
    0,
  );
  expect(plain + inHistograms).toBe(samples);
  const e2e = histograms.get("vllm:e2e_request_latency_seconds")![0];
  expect(e2e.labels).toEqual({ engine: "0", model_name: "tiny" });
  expect(e2e.histogram.bounds.at(-1)).toBe(Infinity);
  expect(e2e.histogram.cumulative.at(-1)).toBe(e2e.histogram.count);
  expect(e2e.histogram.sum).toBe(valueIn(text, /vllm:e2e_request_latency_seconds_sum\{.*\}/));
  expect(e2e.histogram.cumulative[8]).toBe(
    valueIn(text, /vllm:e2e_request_latency_seconds_bucket\{.*le="10\.0".*\}/),
  );
});

test("series of one histogram are kept apart by their labels, in any order of lines", () => {
  const lines = [
    "# TYPE h histogram",
    'h_bucket{le="+Inf",engine="1"} 5',
    'h_bucket{engine="1",le="0.5"} 2',
    'h_sum{engine="1"} 7',
    'h_count{engine="1"} 5',
    'h_bucket{engine="0",le="0.5"} 1',
    'h_bucket{engine="0",le="+Inf"} 1',
    'h_sum{engine="0"} 0.25',
    'h_count{engine="0"} 1',
  ];
  const { histograms, values } = parseMetricsText(lines.join("\n"), "page");
  expect(values.size).toBe(0);
  const [one, zero] = histograms.get("h")!;
  expect([one.labels, zero.labels]).toEqual([{ engine: "1" }, { engine: "0" }]);
  expect([[...one.histogram.cumulative], one.histogram.sum]).toEqual([[2, 5], 7]);
  expect([[...zero.histogram.cumulative], zero.histogram.count]).toEqual([[1, 1], 1]);
});

test("escapes, specials, CRLF and a last line without an end", () => {
  const page =
    'a{path="C:\\\\x",why="say \\"hi\\", {now}"} 1\r\nb NaN\r\nc +Inf 1395066363000\r\nd -2e-3';
  const { values } = parseMetricsText(page, "page");
  expect(values.get("a")).toEqual([{
    labels: { path: "C:\\x", why: 'say "hi", {now}' },
    value: 1,
  }]);
  expect(["b", "c", "d"].map((name) => values.get(name)![0].value)).toEqual([
    NaN,
    Infinity,
    -2e-3,
  ]);
});

test.each([
  ["HTML", "<!doctype html>\n<p>hello</p>"],
  ["JSON", '{"detail":"Not Found"}'],
  ["a broken line", 'up 1\nrunning{engine="0" 3\n'],
  ["no number", "up one\n"],
  ["no value", "up \n"],
])("%s is refused by name", (_what, page) => {
  const read = () => parseMetricsText(page, "http://host/metrics");
  expect(read).toThrow(InputError);
  expect(read).toThrow(/^http:\/\/host\/metrics/);
});
