import { expect, test } from "vitest";
import { clientSkew } from "../../src/figures/client-skew.ts";
import { dispersionOverWidth } from "../../src/figures/dispersion-over-width.ts";
import { lengthTails } from "../../src/figures/length-tails.ts";
import { trafficOverTime } from "../../src/figures/traffic-over-time.ts";
import { CLIENT_SKEW, DISPERSION, LENGTH_TAILS, tableOf, TRAFFIC } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

test("dispersion: the real traces' range is the title, both sides are drawn", () => {
  const { title, svg } = dispersionOverWidth(tableOf(DISPERSION));
  expect(title).toBe(
    "Arrivals of real traffic disperse 1.25 to 158 times as much as a Poisson process's in the " +
      "widest bins",
  );
  const drawing = parseSvg(svg);
  expect(drawing.texts.map(plain)).toEqual(
    expect.arrayContaining(["Azure code", "158 at 100 s", "arena", "1.25 at 100 s"]),
  );
  expect(marksIn(drawing, "line", "path").length).toBeGreaterThanOrEqual(4);
});

test("length tails: the title compares P99 and median of the answers", () => {
  const { title, svg } = lengthTails(tableOf(LENGTH_TAILS));
  expect(title).toBe(
    "The longest 1 % of the answers are at least 8 to 20 times as long as the median",
  );
  expect(parseSvg(svg).texts.map(plain)).toEqual(
    expect.arrayContaining(["100 / 1,000; 100 / 800"]),
  );
});

test("traffic over time: calmest and wildest trace, and drift of the answers", () => {
  const { title, alt } = trafficOverTime(tableOf(TRAFFIC));
  expect(plain(title)).toBe(
    "The busiest window brings from 1.0 × (hour) to 4.0 × (days) a trace's mean traffic",
  );
  expect(plain(alt)).toContain("days (4.0 days): arrivals up to 4.0 ×, answers 0.5 × to 0.5 ×");
});

test("client skew: the largest three of each trace", () => {
  const { title, svg } = clientSkew(tableOf(CLIENT_SKEW));
  expect(plain(title)).toBe(
    "The 3 largest send 90.0 % (arena) and 30.0 % (RAG) of the requests",
  );
  expect(parseSvg(svg).texts.map(plain)).toEqual(
    expect.arrayContaining(["10 sessions; the 3 largest 30.0 %"]),
  );
});
