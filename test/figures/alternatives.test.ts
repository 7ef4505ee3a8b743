import { expect, test } from "vitest";
import { alternatives } from "../../src/figures/alternatives.ts";
import { ALTERNATIVES, tableOf } from "./support/examples.ts";
import { parseSvg } from "./support/svg.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const draw = (rows: typeof ALTERNATIVES, options = {}) => alternatives(tableOf(rows), options);

test("the title says which alternative lowers the first measure most, and what is open", () => {
  expect(plain(draw(ALTERNATIVES).title)).toBe(
    "The E2E P50 falls most under “sjf, 32 in flight × 1”: −50.0 %; E2E P99 +80.0 % (open)",
  );
});

test("where none lowers it for sure, the title says so", () => {
  const open = ALTERNATIVES.map((row) => ({ ...row, high: 0.1 }));
  expect(draw(open).title).toBe("No alternative lowers the E2E P50 for sure");
});

test("what lies beyond the edge is cut there, and the subtitle says so; the table keeps it", () => {
  const { subtitle, table } = draw(ALTERNATIVES, { intervals: "90 % intervals" });
  expect(plain(subtitle)).toContain(
    "bars: 90 % intervals from 40 draws, cut at −95.0 % and +900 %",
  );
  expect(table.get("high", 1)).toBe(20);
  const inside = ALTERNATIVES.map((row) => ({ ...row, high: Math.min(Number(row.high), 2) }));
  expect(draw(inside).subtitle).not.toContain("cut at");
});

test("every alternative and measure is named, and a wide axis keeps its labels", () => {
  const { texts } = parseSvg(draw(ALTERNATIVES).svg);
  for (const text of ["sjf, 32 in flight × 1", "as it was × 2", "E2E P50", "E2E P99", "0"]) {
    expect(texts).toContain(text);
  }
  expect(texts.filter((text) => /^\d{2,}$/.test(text)).length).toBeGreaterThan(0);
});
