import { expect, test } from "vitest";
import { waitByTier } from "../../src/figures/wait-by-tier.ts";
import { tableOf, WAITS } from "./support/examples.ts";
import { pairedWith } from "./support/paired.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

type Rows = typeof WAITS;

const draw = (rows: Rows) => waitByTier(tableOf(rows));
/** Compared with FIFO by seed, give or take `margin`. */
const paired = (rows: Rows, margin = 8) =>
  pairedWith(rows, { column: "policy", baseline: "fifo", value: "seconds", margin });
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

test("the title claims no difference where the paired interval holds 0, however apart the means", () => {
  expect(titleOf(paired(WAITS, 1000))).toBe("No tier waits clearly longer than under FIFO");
});

test("the title goes by the paired interval, not by the two that overlap", () => {
  const wide = WAITS.map((row) => ({ ...row, low: 0, high: 1000 }));
  expect(titleOf(wide)).toMatch(/^Under Priority the batch tier's median wait is 510 s/);
});

test("the title claims nothing where a table with intervals pairs nothing", () => {
  const apart = WAITS.map(({ policy, tier, statistic, seconds, low, high }) => (
    { policy, tier, statistic, seconds, low, high }
  ));
  expect(titleOf(apart)).toBe("Queue wait by tier");
  // Compared with another policy than the one asked for.
  expect(waitByTier(tableOf(WAITS), { baseline: "sjf" }).title).toBe("Queue wait by tier");
  // Numbers of one run stand for themselves.
  const one = apart.map((row) => ({ ...row, low: null, high: null }));
  expect(titleOf(one)).toMatch(/^Under Priority the batch tier's median wait is 510 s/);
});

test("a policy that nobody has registered is the last row, by its name, in a colour of its own", () => {
  const mine = WAITS.filter(({ policy }) => policy === "sjf")
    .map((row) => ({ ...row, policy: "hrrn" }));
  const drawing = parseSvg(draw(paired([...mine, ...WAITS])).svg);
  expect(drawing.texts).toContain("hrrn");
  expect(drawing.texts.indexOf("hrrn")).toBeGreaterThan(drawing.texts.indexOf("Aging priority"));
});

test("the title turns where another tier waits", () => {
  const turned = paired(WAITS.map((row) => ({
    ...row,
    tier: row.tier === "batch" ? "premium" : row.tier === "premium" ? "batch" : row.tier,
  })));
  expect(titleOf(turned)).toContain("the premium tier's median wait is 510 s");
});
