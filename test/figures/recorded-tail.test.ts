import { expect, test } from "vitest";
import { recordedTail } from "../../src/figures/recorded-tail.ts";
import { RECORDED_TAIL, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

const draw = (rows: typeof RECORDED_TAIL, options = {}) => recordedTail(tableOf(rows), options);
const plain = (text: string) => text.replaceAll("\u00a0", " ");

test("draws a solid line for what was measured and a dashed one for what was simulated", () => {
  const drawing = parseSvg(draw(RECORDED_TAIL).svg);
  const dashes = marksIn(drawing, "line", "path").map((path) =>
    path.getAttribute("stroke-dasharray") ?? path.parentElement?.getAttribute("stroke-dasharray")
  );
  expect(dashes).toHaveLength(4);
  expect(dashes.filter((dash) => dash === "5 3")).toHaveLength(2);
});

test("the title compares the policies once as measured and once as simulated", () => {
  expect(plain(draw(RECORDED_TAIL).title)).toBe(
    "In one run each, SJF changes the median and P99 of FIFO by −50.0 % and +100 % measured, " +
      "by −50.0 % and +100 % simulated",
  );
  const alone = RECORDED_TAIL.filter(({ policy }) => policy === "sjf");
  expect(draw(alone).title).toBe("End-to-end latency, measured and simulated");
});

test("the key holds each curve's P50 and P99", () => {
  const { texts } = parseSvg(draw(RECORDED_TAIL).svg);
  expect(texts.map(plain)).toContain("SJF, simulated: P50 3.60 s, P99 36 s");
});
