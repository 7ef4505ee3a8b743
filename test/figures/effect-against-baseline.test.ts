import { describe, expect, test } from "vitest";
import { effectAgainstBaseline } from "../../src/figures/effect-against-baseline.ts";
import { EFFECTS, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

type Rows = typeof EFFECTS;

const draw = (rows: Rows, options = {}) => effectAgainstBaseline(tableOf(rows), options);

test("draws a symbol and an interval per row, and a cross per number of the paper", () => {
  const drawing = parseSvg(draw(EFFECTS).svg);
  expect(marksIn(drawing, "link", "path")).toHaveLength(EFFECTS.length);
  const symbols = [...marksIn(drawing, "dot", "path"), ...marksIn(drawing, "dot", "circle")];
  expect(symbols).toHaveLength(EFFECTS.length + 2);
});

test("writes each effect and the paper's numbers, and names the cross", () => {
  const figure = draw(EFFECTS);
  const { texts } = parseSvg(figure.svg);
  expect(texts).toContain("−35.0\u00a0%");
  expect(texts.filter((text) => text.startsWith("paper"))).toEqual([
    "paper −42\u00a0%",
    "paper −16\u00a0%",
  ]);
  expect(figure.subtitle).toContain("× the paper's number");
  expect(figure.subtitle).toContain("mean of 30 paired seeds");
});

test("the zero line stands in every panel", () => {
  expect(marksIn(parseSvg(draw(EFFECTS).svg), "rule", "line").length).toBeGreaterThanOrEqual(5);
});

describe("the title", () => {
  const row = (metric: string, effect: number, margin: number, paper: number | null = null) => ({
    policy: "sjf",
    metric,
    effect,
    low: effect - margin,
    high: effect + margin,
    n: 30,
    paper,
  });
  const title = (rows: Rows, options = {}) => draw(rows, options).title.replaceAll("\u00a0", " ");

  test("speaks of the policy that the paper has numbers for", () => {
    expect(title(EFFECTS)).toBe(
      "Against FIFO, SJF lowers the median end-to-end latency by 35.0 % (paper: −42 %) " +
        "and the P99 by 12.0 % (paper: −16 %)",
    );
  });

  test("turns where an effect turns round", () => {
    expect(title([row("p50", 0.2, 0.01, -0.42), row("p99", -0.1, 0.01)])).toBe(
      "Against FIFO, SJF raises the median end-to-end latency by 20.0 % (paper: −42 %) " +
        "and lowers the P99 by 10.0 %",
    );
  });

  test("claims nothing where the interval holds 0", () => {
    expect(title([row("p50", -0.02, 0.05, -0.42), row("p99", -0.1, 0.2)])).toBe(
      "Against FIFO, SJF leaves the median end-to-end latency about where it was (paper: −42 %) " +
        "and the P99 about where it was",
    );
  });

  test("speaks of the policy it is told to", () => {
    expect(title(EFFECTS, { focus: "priority" })).toMatch(
      /^Against FIFO, Priority leaves the median .* where it was/,
    );
  });
});

test("the table names the policy compared with, unless the caller does; else the registry's first", () => {
  const against = (rows: Rows, options = {}) => draw(rows, options).title.split(", ")[0];
  const named = EFFECTS.map((row) => ({ ...row, baseline: "lottery" }));
  expect(against(named)).toBe("Against lottery");
  expect(draw(named).table.columnNames()).not.toContain("baseline");
  expect(against(named, { baseline: "weighted" })).toBe("Against Weighted");
  expect(against(EFFECTS)).toBe("Against FIFO");
});

test("without numbers of the paper there are no crosses", () => {
  const figure = draw(EFFECTS.map((row) => ({ ...row, paper: null })));
  expect(figure.subtitle).not.toContain("×");
  expect(parseSvg(figure.svg).texts.filter((text) => text.startsWith("paper"))).toEqual([]);
});

test("changes stand on a logarithmic scale, labelled in percent", () => {
  const rows = EFFECTS.map((row) => ({ ...row, effect: 1, low: 0.9, high: 1.1, paper: null }));
  const drawing = parseSvg(draw(rows).svg);
  expect(drawing.texts).toContain("100");
  // Twice is as far up as half is down.
  const x = (change: number) => {
    const figure = draw(rows.map((row) => ({ ...row, effect: change, low: -0.5, high: 1 })));
    const [dot] = marksIn(parseSvg(figure.svg), "dot", "path");
    return Number(/translate\(([\d.]+)/.exec(dot.getAttribute("transform")!)![1]);
  };
  expect(x(1) - x(0)).toBeCloseTo(x(0) - x(-0.5), 1);
});

test("a change of −100 % or less is refused", () => {
  expect(() => draw(EFFECTS.map((row) => ({ ...row, effect: -1 })))).toThrow(
    /row 2, field effect: got -1, expected a relative change above -1/,
  );
});
