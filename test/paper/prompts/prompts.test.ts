import { expect, test } from "vitest";
import { CATEGORIES, type Category } from "../../../src/paper/categories.ts";
import { FORM_COUNT, FORMS } from "../../../src/paper/prompts/forms.ts";
import { renderHeader } from "../../../src/paper/prompts/header.ts";
import { renderPrompt } from "../../../src/paper/prompts/render-prompt.ts";
import { TOPICS } from "../../../src/paper/prompts/topics.ts";
import { TIERS } from "../../../src/workload/tiers.ts";

/** The reference's keyword rule, written out here a second time on purpose. */
const KEYWORDS = {
  summary: ["summarize", "summary"],
  report: ["detailed", "report", "comprehensive"],
  technical: ["architecture", "code", "technical"],
};

function classified(prompt: string): Category {
  const lower = prompt.toLowerCase();
  let best: Category = "short_qa";
  let most = 0;
  for (const [category, words] of Object.entries(KEYWORDS)) {
    const hits = words.reduce((sum, word) => sum + lower.split(word).length - 1, 0);
    if (hits > most) [best, most] = [category as Category, hits];
  }
  return best;
}

function* bodies(): Generator<{ category: Category; form: number; topic: number }> {
  for (const category of CATEGORIES) {
    for (let form = 0; form < FORM_COUNT; form++) {
      for (let topic = 0; topic < TOPICS.length; topic++) yield { category, form, topic };
    }
  }
}

/** Which forms the rule puts into their own category; fails where the topic changes the answer. */
function formsSeen(category: Category): number {
  let seen = 0;
  for (let form = 0; form < FORM_COUNT; form++) {
    const answers = new Set<Category>();
    for (const tenant of TIERS) {
      for (let topic = 0; topic < TOPICS.length; topic++) {
        const spec = { request: 17, tenant, category, form, topic, labelInHeader: false };
        answers.add(classified(renderPrompt(spec)));
      }
    }
    expect([["short_qa"], [category]]).toContainEqual([...answers]);
    if (answers.has(category)) seen++;
  }
  return seen;
}

test("there are 59 different topics and five forms a category", () => {
  expect(new Set(TOPICS).size).toBe(59);
  for (const category of CATEGORIES) expect(FORMS[category].length).toBe(FORM_COUNT);
});

test("topics are lower-case phrases without any keyword", () => {
  for (const topic of TOPICS) {
    expect(topic).toMatch(/^[a-z]+([ -][a-z]+)*$/);
    expect(classified(topic)).toBe("short_qa");
  }
});

test("no bare header holds a keyword, whatever the tenant", () => {
  for (const tenant of TIERS) {
    const header = { request: 1234567890, tenant, category: "short_qa" as const };
    expect(classified(renderHeader({ ...header, labelInHeader: false }))).toBe("short_qa");
    expect(classified(renderHeader({ ...header, labelInHeader: true }))).toBe("short_qa");
  }
});

test("with the label in the header every prompt is classified as what it is", () => {
  for (const body of bodies()) {
    for (const tenant of TIERS) {
      const prompt = renderPrompt({ ...body, request: 1, tenant, labelInHeader: true });
      expect(classified(prompt), prompt).toBe(body.category);
    }
  }
});

test("without the label three of five technical forms fall to short_qa, few others do", () => {
  expect(CATEGORIES.map(formsSeen)).toEqual([5, 4, 2, 4]);
});

test("bodies are 8 to 40 words long and vary in length", () => {
  const lengths = new Set<number>();
  for (const body of bodies()) {
    const prompt = renderPrompt({ ...body, request: 1, tenant: "batch", labelInHeader: false });
    const words = prompt.slice(prompt.indexOf("\n") + 1).split(" ").length;
    expect(words, prompt).toBeGreaterThanOrEqual(8);
    expect(words, prompt).toBeLessThanOrEqual(40);
    lengths.add(words);
  }
  expect(lengths.size).toBeGreaterThan(15);
});

test("every prefix ends in a word and every suffix starts outside one", () => {
  for (const category of CATEGORIES) {
    for (const { prefix, suffix } of FORMS[category]) {
      expect(prefix).toMatch(/[a-z]$/);
      expect(suffix).toMatch(/^[ ,.:?]/);
      expect(suffix).toMatch(/[.?]$/);
    }
  }
});

test("a prompt is its header line and the question", () => {
  const spec = { request: 17, tenant: "premium", category: "report", form: 0, topic: 0 } as const;
  const question = "Write a detailed report on connection pooling for the platform group, " +
    "with sections on goals, options, risks and a recommendation.";
  expect(renderPrompt({ ...spec, labelInHeader: true }))
    .toBe(`[request 17 | tenant premium | job report]\n${question}`);
  expect(renderPrompt({ ...spec, labelInHeader: false }))
    .toBe(`[request 17 | tenant premium]\n${question}`);
});

test.each([["form", 5], ["form", -1], ["topic", 59], ["topic", 0.5], ["request", -1]])(
  "%s %d is refused",
  (name, value) => {
    const spec = { request: 1, category: "report", form: 0, topic: 0, tenant: "batch" } as const;
    expect(() => renderPrompt({ ...spec, labelInHeader: true, [name]: value }))
      .toThrow(`Cannot use ${name} ${value} in a prompt`);
  },
);
