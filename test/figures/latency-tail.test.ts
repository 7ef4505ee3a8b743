import { describe, expect, test } from "vitest";
import { latencyTail } from "../../src/figures/latency-tail.ts";
import { LATENCY_TAIL, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

type Rows = typeof LATENCY_TAIL;

const draw = (rows: Rows, options = {}) => latencyTail(tableOf(rows), options);

test("draws a line and a band per policy, and a symbol at each marked quantile", () => {
  const drawing = parseSvg(draw(LATENCY_TAIL).svg);
  expect(marksIn(drawing, "line", "path")).toHaveLength(5);
  expect(marksIn(drawing, "area", "path")).toHaveLength(5);
  const symbols = [...marksIn(drawing, "dot", "path"), ...marksIn(drawing, "dot", "circle")];
  const inKey = 5;
  expect(symbols).toHaveLength(5 * 4 + inKey);
});

test("levels and shares are written in plain numbers on the logarithmic axis", () => {
  const { texts } = parseSvg(draw(LATENCY_TAIL).svg);
  expect(texts).toEqual(expect.arrayContaining(["P50", "P90", "P99", "P99.9"]));
  expect(texts).toEqual(
    expect.arrayContaining(["100\u00a0%", "10\u00a0%", "1\u00a0%", "0.1\u00a0%"]),
  );
});

test("the key holds P50 and P99 of each policy, read off its curve", () => {
  const { texts } = parseSvg(draw(LATENCY_TAIL).svg);
  // 600 × (1 − 0.95 × 0.01)
  expect(texts).toContain("FIFO: P50 315\u00a0s, P99 594\u00a0s");
});

test("a quantile between two rows is interpolated in the logarithm of the share", () => {
  const rows = [[1, 0], [0.1, 100], [0.001, 300]].map(([share, seconds]) => ({
    policy: "fifo",
    share,
    seconds,
  }));
  const { texts } = parseSvg(draw(rows).svg);
  expect(texts).toContain("FIFO: P50 30.1\u00a0s, P99 200\u00a0s");
});

describe("the title", () => {
  const title = (rows: Rows, options = {}) => draw(rows, options).title.replaceAll("\u00a0", " ");
  const p99 = (seconds: Record<string, number>, margin = 4): Rows =>
    Object.entries(seconds).flatMap(([policy, at]) =>
      [1, 0.01].map((share) => ({
        policy,
        share,
        seconds: share === 1 ? 0 : at,
        low: share === 1 ? 0 : at - margin,
        high: share === 1 ? 0 : at + margin,
      }))
    );

  test("names the policy with the lowest P99 and compares it with FIFO", () => {
    expect(title(LATENCY_TAIL)).toBe(
      "SJF has the lowest P99 end-to-end latency: 535 s, −10.0 % against FIFO",
    );
  });

  test("says so where no policy is clearly below FIFO", () => {
    expect(title(p99({ fifo: 600, sjf: 597 }))).toBe(
      "No policy has a clearly lower P99 end-to-end latency than FIFO (600 s)",
    );
    expect(title(p99({ fifo: 600, sjf: 900 }))).toMatch(/^No policy has a clearly lower/);
  });

  test("names all that share the lowest", () => {
    expect(title(p99({ fifo: 600, sjf: 500, weighted: 501 }))).toBe(
      "SJF and Weighted share the lowest P99 end-to-end latency: 500 s, −16.7 % against FIFO",
    );
  });

  test("does without a baseline that is not there", () => {
    expect(title(p99({ sjf: 500, weighted: 700 }))).toBe(
      "SJF has the lowest P99 end-to-end latency, 500 s",
    );
  });
});
