import { describe, expect, test } from "vitest";
import { effectOverLoad } from "../../src/figures/effect-over-load.ts";
import { CROSSINGS, EFFECTS_OVER_LOAD, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

type Rows = typeof EFFECTS_OVER_LOAD;
const draw = (rows: Rows, options = {}) => effectOverLoad(tableOf(rows), options);
const plain = (text: string) => text.replaceAll("\u00a0", " ");

test("draws a line and a band per policy in each panel, and the paper's number as a line", () => {
  const drawing = parseSvg(draw(EFFECTS_OVER_LOAD).svg);
  expect(marksIn(drawing, "line", "path")).toHaveLength(2 * 4);
  expect(marksIn(drawing, "area", "path")).toHaveLength(2 * 4);
  expect(drawing.texts).toEqual(expect.arrayContaining([
    "in-flight 32: median, %",
    "pass-through: P99, %",
    "paper −42\u00a0%",
    "paper −16\u00a0%",
  ]));
});

test("every tick has its label, also where D3 would leave some out", () => {
  const { texts } = parseSvg(
    draw(EFFECTS_OVER_LOAD.map((row) => ({
      ...row,
      ...row.policy === "sjf" && row.metric === "p99" && { effect: 6, low: 6, high: 6 },
    }))).svg,
  );
  expect(texts).toContain("600");
});

test("traces in the place of servers: the axis says so, and few loads are ticks themselves", () => {
  const few = EFFECTS_OVER_LOAD.filter(({ load }) => load === 1 || load === 2)
    .map((row) => ({ ...row, load: row.load === 1 ? 0.6 : 1.2 }));
  const { svg, alt } = draw(few, { columns: "trace" });
  const { texts } = parseSvg(svg);
  expect(texts).toEqual(expect.arrayContaining([
    "0.6",
    "1.2",
    "offered load, multiples of the server's capacity for the trace's requests",
  ]));
  expect(alt).toContain("a column of panels a trace.");
});

describe("the title", () => {
  const title = (rows: Rows, options = {}) => plain(draw(rows, options).title);

  test("says what the policy with the paper's numbers does at most, and from where on", () => {
    expect(title(EFFECTS_OVER_LOAD, { crossings: tableOf(CROSSINGS) })).toBe(
      "Against FIFO, SJF lowers the median by up to 50.0 % and raises the P99 by up to 100 %, " +
        "from 0.90 × capacity on",
    );
  });

  test("turns with the data, and claims nothing that an interval leaves open", () => {
    const better = EFFECTS_OVER_LOAD.map((row) =>
      row.policy === "sjf" && row.metric === "p99"
        ? { ...row, effect: -0.1, low: -0.2, high: -0.05 }
        : { ...row, effect: 0.5, low: -0.1, high: 0.9 }
    );
    expect(title(better)).toBe(
      "Against FIFO, SJF leaves the median about where it was and lowers the P99 by up to 10.0 %",
    );
  });

  test("speaks of another policy where told so", () => {
    expect(title(EFFECTS_OVER_LOAD, { focus: "weighted" })).toMatch(
      /^Against FIFO, Weighted leaves/,
    );
  });
});

test("the alternative says what happens at each server", () => {
  const { alt } = draw(EFFECTS_OVER_LOAD, { crossings: tableOf(CROSSINGS) });
  expect(plain(alt)).toContain(
    "in-flight 32: median −50.0 % to +0.1 % and P99 +0.1 % to +100 %, P99 worse from 0.90 × on",
  );
});

test("a load of nothing and an effect below nothing are refused by row", () => {
  const with_ = (change: object) =>
    EFFECTS_OVER_LOAD.map((row, i) => i === 1 ? { ...row, ...change } : row);
  expect(() => draw(with_({ load: 0 }))).toThrow(/row 3, field load: got 0/);
  expect(() => draw(with_({ effect: -1 }))).toThrow(/row 3, field effect: got -1/);
});

test("the table names the policy compared with, unless the caller does", () => {
  const named = EFFECTS_OVER_LOAD.map((row) => ({ ...row, baseline: "lottery" }));
  const against = (rows: Rows, options = {}) => draw(rows, options).title.split(", ")[0];
  expect(against(named)).toBe("Against lottery");
  expect(against(named, { baseline: "priority" })).toBe("Against Priority");
  expect(against(EFFECTS_OVER_LOAD)).toBe("Against FIFO");
  expect(draw(named).table.columnNames()).not.toContain("baseline");
});
