import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { type ClaimRow, claimsTable } from "../../../src/paper/figures/claims-table.ts";
import { DISPLAY } from "../../../src/figures/display.ts";

const CLAIM: ClaimRow = {
  id: "C1",
  title: "Calibration lowers the error",
  scale: "relative",
  paper: -0.388,
  effect: -0.6027,
  low: -0.6068,
  high: -0.599,
  ratio: 1.553,
  verdict: "reproduced",
  n: 30,
};
const RANKING: ClaimRow = {
  ...CLAIM,
  id: "C6",
  title: "Policies move latency more",
  scale: "difference",
  paper: null,
  ratio: null,
  effect: 0.2866,
  low: NaN,
  high: NaN,
  verdict: "undecided",
};

function shown(rows: readonly ClaimRow[]) {
  const { "text/html": html, "text/plain": plain } = claimsTable(rows)[DISPLAY]();
  const { document } = parseHTML(`<!doctype html><body>${html}</body>`);
  const texts = (selector: string) =>
    [...document.querySelectorAll(selector)].map(({ textContent }) =>
      textContent!.replaceAll("\u00a0", " ")
    );
  return { html, plain: plain.replaceAll("\u00a0", " "), texts };
}

test("a claim has the paper's number, ours, its interval, their ratio and a verdict in words", () => {
  const { texts } = shown([CLAIM]);
  expect(texts("tbody tr > *")).toEqual([
    "C1 Calibration lowers the error",
    "−38.8 %",
    "−60.3 %",
    "−60.7 % to −59.9 %",
    "1.55",
    "✓ reproduced",
  ]);
});

test("what there is no number for is a dash; differences are plain signed numbers", () => {
  const { texts } = shown([RANKING]);
  expect(texts("tbody td")).toEqual(["–", "+0.287", "–", "–", "? undecided"]);
});

test("the caption counts the verdicts", () => {
  expect(shown([CLAIM, RANKING, { ...CLAIM, verdict: "not reproduced" }]).texts("caption"))
    .toEqual(["The paper's claims: 1 reproduced, 1 not reproduced and 1 undecided of 3"]);
});

test("heads have a scope, and each verdict a symbol of its own besides its word", () => {
  const verdicts = ["reproduced", "not reproduced", "undecided"] as const;
  const { texts } = shown(verdicts.map((verdict) => ({ ...CLAIM, verdict })));
  expect(texts('thead th[scope="col"]')).toHaveLength(6);
  expect(texts('tbody th[scope="row"]')).toHaveLength(3);
  const symbols = texts("tbody td:last-child").map((text) => text.split(" ")[0]);
  expect(new Set(symbols).size).toBe(3);
});

test("a title never becomes markup", () => {
  const { html, texts } = shown([{ ...CLAIM, title: "<b>bold</b>" }]);
  expect(html).not.toContain("<b>");
  expect(texts("tbody th")).toEqual(["C1 <b>bold</b>"]);
});

test("the plain text is the same table in columns", () => {
  const lines = shown([CLAIM, RANKING]).plain.split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[2]).toContain("−60.3 %");
  expect(lines[2].indexOf("✓")).toBe(lines[3].indexOf("?"));
});
