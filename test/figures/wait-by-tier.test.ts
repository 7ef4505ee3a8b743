import { expect, test } from "vitest";
import { waitByTier } from "../../src/figures/wait-by-tier.ts";
import { tableOf, WAITS } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

type Rows = typeof WAITS;

const draw = (rows: Rows) => waitByTier(tableOf(rows));
const titleOf = (rows: Rows) => draw(rows).title.replaceAll("\u00a0", " ");

test("draws a symbol, an interval and a number per row, and a key of the tiers", () => {
  const drawing = parseSvg(draw(WAITS).svg);
  expect(marksIn(drawing, "link", "path")).toHaveLength(WAITS.length);
  const symbols = [...marksIn(drawing, "dot", "path"), ...marksIn(drawing, "dot", "circle")];
  expect(symbols).toHaveLength(WAITS.length + 3);
  expect(drawing.texts).toEqual(
    expect.arrayContaining(["Median wait", "P99 wait", "Longest wait", "Aging priority"]),
  );
});

test("the title names who waits longest compared with FIFO, and who is served instead", () => {
  expect(titleOf(WAITS)).toBe(
    "Under Priority the batch tier's median wait is 510 s (300 s under FIFO), " +
      "the premium tier's is 90 s",
  );
});

test("the title claims nothing where intervals overlap", () => {
  const alike = WAITS.map((row) => ({ ...row, seconds: 300, low: 290, high: 310 }));
  expect(titleOf(alike)).toBe("No tier waits clearly longer than under FIFO");
});

test("the title turns where another tier waits", () => {
  const turned = WAITS.map((row) => ({
    ...row,
    tier: row.tier === "batch" ? "premium" : row.tier === "premium" ? "batch" : row.tier,
  }));
  expect(titleOf(turned)).toContain("the premium tier's median wait is 510 s");
});
