import { expect, test } from "vitest";
import { highestRates } from "../../src/figures/highest-rates.ts";
import { HIGHEST_RATES, tableOf } from "./support/examples.ts";
import { parseSvg } from "./support/svg.ts";

const draw = (rows: typeof HIGHEST_RATES, options = {}) => highestRates(tableOf(rows), options);

test("a cell says its rate and interval, a star where a ceiling is assumed, or why there is none", () => {
  const { texts } = parseSvg(draw(HIGHEST_RATES).svg);
  for (const text of ["5.2", "4.9 to 5.5", "21*", "0 to 30", "none", "does not fit"]) {
    expect(texts).toContain(text);
  }
  expect(draw(HIGHEST_RATES).subtitle).toContain("* a ceiling of the card is assumed");
  const measured = HIGHEST_RATES.filter(({ basis }) => basis === "measured");
  expect(draw(measured).subtitle).not.toContain("*");
});

test("the title counts servers that keep the promises, and says of how many it is not sure", () => {
  expect(draw(HIGHEST_RATES).title).toBe(
    "Of 4 servers, 2 keep the promises at some rate (1 perhaps not) and 1 does not fit; the highest " +
      "is 21 requests a second, 8 B on L4",
  );
  const titleOf = (rows: typeof HIGHEST_RATES) => draw(rows).title;
  expect(titleOf(HIGHEST_RATES.slice(2))).toBe(
    "Of 2 servers, none keeps the promises and 1 does not fit",
  );
  expect(titleOf(HIGHEST_RATES.slice(0, 1))).toBe(
    "Of 1 server, 1 keeps the promises at some rate; the highest is 5.2 requests a second, 8 B on " +
      "A100",
  );
});

test("the key has the steps that occur", () => {
  const { texts } = parseSvg(draw(HIGHEST_RATES).svg);
  for (const text of ["no rate", "4 to 16", "16 or more"]) expect(texts).toContain(text);
  expect(texts).not.toContain("1 to 4");
});

test("what is promised is said", () => {
  expect(draw(HIGHEST_RATES, { promises: "TTFT P99 ≤ 1 s" }).subtitle).toContain(
    "at which TTFT P99 ≤ 1 s",
  );
});
