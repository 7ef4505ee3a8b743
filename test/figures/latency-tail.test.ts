import { describe, expect, test } from "vitest";
import { latencyTail } from "../../src/figures/latency-tail.ts";
import { LATENCY_TAIL, tableOf } from "./support/examples.ts";
import { pairedWith } from "./support/paired.ts";
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
  /** Curves with these P99; their differences from the lowest are known to `margin`. */
  const p99 = (seconds: Record<string, number>, margin = 6): Rows =>
    pairedWith(
      Object.entries(seconds).flatMap(([policy, at]) =>
        [1, 0.01].map((share) => ({
          policy,
          share,
          seconds: share === 1 ? 0 : at,
          low: share === 1 ? 0 : at - 50,
          high: share === 1 ? 0 : at + 50,
        }))
      ),
      { column: "policy", value: "seconds", margin },
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

  test("compares with the first policy of the registry that is there, or does without a baseline", () => {
    const rows = p99({ sjf: 500, weighted: 700 });
    expect(title(rows)).toBe(
      "SJF has the lowest P99 end-to-end latency: 500 s, −28.6 % against Weighted",
    );
    expect(title(rows, { baseline: "fifo" })).toBe(
      "SJF has the lowest P99 end-to-end latency, 500 s",
    );
    expect(title(p99({ sjf: 500, weighted: 501 }), { baseline: "fifo" })).toBe(
      "Weighted and SJF share the lowest P99 end-to-end latency, 500 s",
    );
    expect(title(p99({ sjf: 500 }))).toBe("SJF has a P99 end-to-end latency of 500 s");
  });

  test("goes by the paired difference, not by intervals that overlap or lie apart", () => {
    expect(title(p99({ fifo: 600, sjf: 590 }, 9))).toMatch(/^SJF has the lowest P99/);
    expect(title(p99({ fifo: 600, sjf: 100 }, 501))).toMatch(/^No policy has a clearly lower P99/);
  });

  test("claims nothing where a table with intervals pairs nothing", () => {
    const apart = LATENCY_TAIL.map(({ policy, share, seconds, low, high }) => (
      { policy, share, seconds, low, high }
    ));
    expect(title(apart)).toBe("End-to-end latency by policy");
    expect(title(apart.map((row) => ({ ...row, low: null, high: null })))).toMatch(/^SJF has/);
  });

  test("between two shares the difference is read off as the latency is", () => {
    const rows = [0.1, 0.001].flatMap((share) => [
      { policy: "fifo", share, seconds: 10, difference: share === 0.1 ? 4 : 0 },
      { policy: "sjf", share, seconds: share === 0.1 ? 6 : 10, difference: 0 },
    ]).map((row) => ({ ...row, low: 0, high: 20 }));
    const bounded = (half: number) =>
      rows.map((row) => ({
        ...row,
        differenceLow: row.policy === "sjf" ? 0 : row.difference - half,
        differenceHigh: row.policy === "sjf" ? 0 : row.difference + half,
      }));
    // Half way between 4 ± half and 0 ± half.
    expect(title(bounded(1.9))).toMatch(/^SJF has the lowest P99/);
    expect(title(bounded(2.1))).toMatch(/^No policy has a clearly lower/);
  });
});
