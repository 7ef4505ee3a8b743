import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import {
  commitInWords,
  durationInWords,
  howMade,
  momentInWords,
  parameterWords,
  shellWord,
} from "../../../src/reports/html/how-made.ts";
import { sampleProvenance } from "./support/sample-provenance.ts";

test("durationInWords() gives seconds to a tenth and longer times in minutes", () => {
  expect([0.04, 12.34, 59.94, 59.96, 60, 125.4].map(durationInWords)).toEqual([
    "0.0 s",
    "12.3 s",
    "59.9 s",
    "1 min 0 s",
    "1 min 0 s",
    "2 min 5 s",
  ]);
});

test("momentInWords() reads ISO 8601 in UTC and leaves anything else alone", () => {
  expect(momentInWords("2026-03-04T05:06:07.890Z")).toBe("2026-03-04 05:06:07 UTC");
  expect(momentInWords("yesterday")).toBe("yesterday");
});

test("shellWord() and parameterWords() give words that a shell reads back", () => {
  expect(shellWord("notebooks/a-1.ipynb")).toBe("notebooks/a-1.ipynb");
  expect(shellWord("it's $x")).toBe("'it'\\''s $x'");
  expect(parameterWords({ seeds: 30, note: "a b", on: true, list: ["x"], id: "30" })).toEqual([
    "-p seeds=30",
    "-p 'note=a b'",
    "-p on=true",
    "-p 'list=[\"x\"]'",
    "-p 'id=\"30\"'",
  ]);
});

test("commitInWords() says when the tree was not clean or there was none", () => {
  expect(commitInWords({ commit: "0123456789abcdef", dirty: false })).toBe("0123456789ab");
  expect(commitInWords({ commit: "0123456789abcdef", dirty: true })).toBe(
    "0123456789ab, with uncommitted changes",
  );
  expect(commitInWords({ commit: null, dirty: false })).toBe("outside a repository");
});

test("howMade() holds command, commit, times, seeds, parameters, data and versions", () => {
  const markup = toHtml(howMade(sampleProvenance, { command: "deno task report" }));
  for (
    const part of [
      "deno task report",
      sampleProvenance.commit!,
      "with uncommitted changes",
      "2026-03-04 05:06:07 UTC",
      "12.3 s",
      "1–30, paired",
      "policies",
      "data/lengths/burst_gpt.csv",
      sampleProvenance.data[0].sha256,
      "@observablehq/plot",
      "14.2.231.5",
      sampleProvenance.lockSha256,
    ]
  ) expect(markup).toContain(part);
  expect(markup).toMatch(/^<details class="made"><summary>How this was made<\/summary>/);
});

test("howMade() leaves out what there is not", () => {
  const { seeds: _, ...bare } = { ...sampleProvenance, data: [], parameters: {} };
  const markup = toHtml(howMade(bare, { command: "c" }));
  for (const name of ["Seeds", "Data", "Parameters"]) expect(markup).not.toContain(`<dt>${name}`);
});
