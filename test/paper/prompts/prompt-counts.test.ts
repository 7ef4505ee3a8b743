import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { substream, uniformInt } from "../../../src/random/substream.ts";
import { loadCounters, promptTokenCounts, stableJson } from "../../../src/tasks/measure-tokens.ts";
import { CATEGORIES } from "../../../src/paper/categories.ts";
import { FORM_COUNT } from "../../../src/paper/prompts/forms.ts";
import type { TextCounters } from "../../../src/paper/prompts/measure-pieces.ts";
import { promptCounts } from "../../../src/paper/prompts/prompt-counts.ts";
import { type PromptSpec, renderPrompt } from "../../../src/paper/prompts/render-prompt.ts";
import { TOPIC_COUNT } from "../../../src/paper/prompts/topics.ts";
import { TIERS } from "../../../src/workload/tiers.ts";

let real: TextCounters;
beforeAll(() => {
  real = loadCounters();
});

/** Every body under every header, each with a random request number of 1 to 7 digits. */
function* specs(): Generator<PromptSpec> {
  const random = substream(3, "request numbers");
  let turn = 0;
  for (const category of CATEGORIES) {
    for (let form = 0; form < FORM_COUNT; form++) {
      for (let topic = 0; topic < TOPIC_COUNT; topic++) {
        for (const tenant of TIERS) {
          for (const labelInHeader of [true, false]) {
            const low = 10 ** (turn++ % 7);
            const request = low + uniformInt(random, 9 * low);
            yield { request, tenant, category, form, topic, labelInHeader };
          }
        }
      }
    }
  }
}

test("composed counts equal the real tokenizer's and a split's, for every body and header", () => {
  let checked = 0;
  for (const spec of specs()) {
    const text = renderPrompt(spec);
    const counts = promptCounts(spec);
    expect({ text, ...counts }).toEqual({
      text,
      words: text.split(/\s+/).length,
      tokens: real.tokens(text),
    });
    checked++;
  }
  expect(checked).toBe(4 * 5 * 59 * 3 * 2);
});

test.each([0, 9, 10, 99, 100, 9_999_999, 1e15, Number.MAX_SAFE_INTEGER - 1])(
  "request number %d is counted by its digits",
  (request) => {
    const spec: PromptSpec = {
      request,
      tenant: "standard",
      category: "summary",
      form: 0,
      topic: 3,
      labelInHeader: true,
    };
    expect(promptCounts(spec).tokens).toBe(real.tokens(renderPrompt(spec)));
  },
);

test("data/prompt_token_counts.json is what `deno task measure-tokens` writes", () => {
  const file = new URL("../../../data/prompt_token_counts.json", import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(stableJson(promptTokenCounts(real)));
});

test("an index out of range is refused, not counted as NaN", () => {
  const spec = { request: 1, tenant: "batch", category: "report", labelInHeader: true } as const;
  expect(() => promptCounts({ ...spec, form: 0, topic: TOPIC_COUNT })).toThrow("topic 59");
  expect(() => promptCounts({ ...spec, form: FORM_COUNT, topic: 0 })).toThrow("form 5");
});

test("3,000 prompts are counted in less than a millisecond once warm", () => {
  const some = [...specs()].slice(0, 3000);
  let best = Infinity;
  let sum = 0;
  for (let round = 0; round < 50; round++) {
    const start = performance.now();
    for (const spec of some) sum += promptCounts(spec).tokens;
    best = Math.min(best, performance.now() - start);
  }
  expect(sum).toBeGreaterThan(0);
  expect(best).toBeLessThan(1);
});
