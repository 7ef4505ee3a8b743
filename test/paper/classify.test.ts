import { expect, test } from "vitest";
import { categoryByKeywords, KeywordRules } from "../../src/estimation/keyword-classifier.ts";
import { CATEGORIES } from "../../src/paper/categories.ts";
import { classifyPrompt, KEYWORDS } from "../../src/paper/classify.ts";
import { FORM_COUNT } from "../../src/paper/prompts/forms.ts";
import { renderPrompt } from "../../src/paper/prompts/render-prompt.ts";
import { TOPIC_COUNT } from "../../src/paper/prompts/topics.ts";

test.each([
  ["What is a cache?", "short_qa"],
  ["", "short_qa"],
  ["Summarize the main points.", "summary"],
  ["A summary, please.", "summary"],
  ["Write a report.", "report"],
  ["Be comprehensive.", "report"],
  ["A detailed look.", "report"],
  ["Explain the architecture.", "technical"],
  ["Show code.", "technical"],
  ["In technical terms.", "technical"],
])("%j falls to %s by its only keyword", (prompt, category) => {
  expect(classifyPrompt(prompt)).toBe(category);
});

test.each([
  // "summarize" and "summary" share only "summar": each counts for itself.
  ["summarize the summary of this code, code", "summary", "a tie of two and two"],
  ["code code report", "technical", "two against one"],
  ["a detailed report in code, code, code", "technical", "three against two"],
  ["a detailed, comprehensive report in code, code, code", "report", "a tie of three and three"],
  ["summary report", "summary", "a tie, summary before report"],
  ["report code", "report", "a tie, report before technical"],
  ["code summary", "summary", "a tie, whatever comes first in the text"],
  ["summary report technical", "summary", "a tie of all three"],
  ["architecture report detailed technical", "report", "a tie of two and two"],
])("%j is %s: %s", (prompt, category) => {
  expect(classifyPrompt(prompt)).toBe(category);
});

test.each([
  ["SUMMARIZE this", "summary"],
  ["CoDe", "technical"],
  ["A RePoRt", "report"],
])("upper case does not matter: %j", (prompt, category) => {
  expect(classifyPrompt(prompt)).toBe(category);
});

test.each([
  ["reporting", "report"],
  ["the reporter's unreported reports", "report"],
  ["decoded", "technical"],
  ["a codex for barcodes", "technical"],
  ["technically", "technical"],
  ["architectures", "technical"],
])("keywords count inside longer words: %j", (prompt, category) => {
  expect(classifyPrompt(prompt)).toBe(category);
});

test.each([
  ["summarise", "short_qa"],
  ["summaries", "short_qa"],
  ["architectural", "short_qa"],
  ["detail", "short_qa"],
  ["rep ort co de", "short_qa"],
])("near misses do not count: %j", (prompt, category) => {
  expect(classifyPrompt(prompt)).toBe(category);
});

test("every occurrence counts, joined or not", () => {
  expect(classifyPrompt("codecode report")).toBe("technical");
  expect(classifyPrompt("codecode reportreport report")).toBe("report");
});

test("the keywords as data give every prompt the same category, with and without the label", () => {
  const rules = KeywordRules.parse(KEYWORDS);
  const found = new Set<string>();
  for (const category of CATEGORIES) {
    for (let form = 0; form < FORM_COUNT; form++) {
      for (let topic = 0; topic < TOPIC_COUNT; topic++) {
        for (const labelInHeader of [true, false]) {
          const spec = { request: topic, tenant: "batch", category, form, topic } as const;
          const prompt = renderPrompt({ ...spec, labelInHeader });
          found.add(classifyPrompt(prompt));
          expect(categoryByKeywords(prompt, rules), prompt).toBe(classifyPrompt(prompt));
        }
      }
    }
  }
  expect([...found].sort()).toEqual([...CATEGORIES].sort());
});
