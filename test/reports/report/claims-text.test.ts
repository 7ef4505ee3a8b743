import { expect, test } from "vitest";
import { claimsText } from "../../../src/reports/report/claims-text.ts";

test("claimsText() aligns its columns and shows a number that is none as a dash", () => {
  const claim = {
    id: "C1",
    title: "The error falls",
    effect: -0.388123,
    low: -0.41,
    high: -0.36,
    paper: -0.388,
    verdict: "reproduced",
    n: 30,
  } as const;
  const other = { ...claim, id: "C10", title: "", effect: 12, low: null, paper: null };
  expect(claimsText([claim, other])).toBe(
    [
      "claim                   effect     95 % interval   paper  verdict",
      "C1     The error falls  -0.388  [-0.410, -0.360]  -0.388  reproduced",
      "C10                         12       [–, -0.360]       –  reproduced",
    ].join("\n"),
  );
});
