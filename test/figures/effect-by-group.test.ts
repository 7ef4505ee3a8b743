import { expect, test } from "vitest";
import { effectByGroup } from "../../src/figures/effect-by-group.ts";
import { EFFECT_BY_GROUP, tableOf } from "./support/examples.ts";
import { parseSvg } from "./support/svg.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const draw = (rows: typeof EFFECT_BY_GROUP, options = {}) => effectByGroup(tableOf(rows), options);

test("the title counts who gains and who pays, by the intervals", () => {
  expect(plain(draw(EFFECT_BY_GROUP).title)).toBe(
    "TTFT mean, SJF, uncached against FCFS: 1 of 3 groups gain (most short: −38.0 %), 1 pays " +
      "(most long: +52.0 %)",
  );
  const all = EFFECT_BY_GROUP.map((row) => ({ ...row, effect: -0.5, low: -0.6, high: -0.4 }));
  expect(plain(draw(all, { focus: "SJF, all" }).title)).toBe(
    "TTFT mean, SJF, all against FCFS: 3 of 3 groups gain (most short: −50.0 %), 0 pay",
  );
});

test("without intervals it counts nobody", () => {
  const unknown = EFFECT_BY_GROUP.map((row) => ({ ...row, low: null, high: null }));
  expect(draw(unknown).title).toBe("TTFT mean by group, SJF, uncached against FCFS");
});

test("a mark a variant, group and measure; the baseline's own rows are not drawn", () => {
  const base = EFFECT_BY_GROUP.filter(({ variant }) => variant === "SJF, all")
    .map((row) => ({ ...row, variant: "FCFS", effect: 0, low: 0, high: 0 }));
  const { svg, table } = draw([...base, ...EFFECT_BY_GROUP]);
  expect(table.numRows()).toBe(EFFECT_BY_GROUP.length);
  const { texts } = parseSvg(svg);
  for (const text of ["short", "middling", "long", "TTFT mean", "TTFT P99", "SJF, all"]) {
    expect(texts).toContain(text);
  }
  expect(texts).not.toContain("FCFS");
});

test("what the intervals are can be said", () => {
  const { subtitle } = draw(EFFECT_BY_GROUP, { intervals: "the middle 95 % of 12 draws" });
  expect(subtitle).toContain("bars: the middle 95 % of 12 draws");
});

test("a change of less than nothing is refused", () => {
  const impossible = EFFECT_BY_GROUP.map((row) => ({ ...row, low: -1.2 }));
  expect(() => draw(impossible)).toThrow(/effect-by-group.*relative change above -1/);
});
