import fc from "fast-check";
import { expect, test } from "vitest";
import { classifyByKeywords } from "../../src/estimation/keyword-classifier.ts";
import { CATEGORIES } from "../../src/paper/categories.ts";
import { KEYWORDS } from "../../src/paper/classify.ts";
import { paperWorkload } from "../../src/paper/workload.ts";

/** The reference's rule as code, with `split` in place of a search. Source: driftsched reference. */
function byTheReference(prompt: string): string {
  const count = (...words: string[]) =>
    words.reduce((sum, word) => sum + prompt.toLowerCase().split(word).length - 1, 0);
  const summary = count("summarize", "summary");
  const report = count("detailed", "report", "comprehensive");
  const technical = count("architecture", "code", "technical");
  const most = Math.max(summary, report, technical);
  if (most === 0) return "short_qa";
  return summary === most ? "summary" : report === most ? "report" : "technical";
}

test("over data the keywords see in every prompt of the paper what the reference's rule sees", () => {
  for (const seed of [1, 2, 3]) {
    const { requests } = paperWorkload({ seed, requests: 1000 });
    const { codes, names } = classifyByKeywords(requests, KEYWORDS);
    expect(names).toEqual(CATEGORIES);
    for (let row = 0; row < requests.size; row++) {
      expect(names[codes[row]]).toBe(byTheReference(requests.promptText!(row)));
    }
  }
});

test("so they do in any text, ties and words within words included", () => {
  const word = fc.constantFrom(
    ...["Summarize", "summary", "summaries", "REPORT", "reporting", "detailed", "comprehensive"],
    ...["code", "decoded", "architecture", "technical", "and", "reportreport", ""],
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 9 }), (words) => {
      const text = words.join(" ");
      const { codes, names } = classifyByKeywords({ size: 1, promptText: () => text }, KEYWORDS);
      expect(names[codes[0]]).toBe(byTheReference(text));
    }),
    { numRuns: 500 },
  );
});
