import { expect, test } from "vitest";
import { openAiBatch } from "../../../../src/workload/readers/formats/openai-batch.ts";
import { readWhole } from "../../../../src/workload/readers/read-whole.ts";

/** A word a token. */
const counter = { name: "a test's words", count: (text: string) => text.split(" ").length };
const line = (id: string, body: unknown) =>
  JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body });
const result = (id: string, usage: unknown, status = 200, error: unknown = null) =>
  JSON.stringify({
    ...{ id: `b-${id}`, custom_id: id, error },
    response: { status_code: status, body: { model: "m", usage } },
  });

test("results say how long prompts and answers were; failures are unserved", () => {
  const text = [
    result("1", { prompt_tokens: 10, completion_tokens: 20 }),
    result("2", { input_tokens: 11, output_tokens: 21 }),
    result("3", null, 429),
    result("4", null, 200, { code: "batch_expired" }),
  ].join("\n");
  const { workload, unserved } = readWhole(openAiBatch, text, "b.jsonl");
  expect([...workload.requests.promptTokens]).toEqual([10, 11]);
  expect([...workload.truth.outputTokens]).toEqual([20, 21]);
  expect(workload.requests.model!.names).toEqual(["m"]);
  // Nobody knows when they came: they are counted, and placed nowhere.
  expect(unserved).toBeUndefined();
});

test("lines to be sent have no answers: they are refused, or take their caps if that is asked for", () => {
  const body = {
    model: "m",
    max_tokens: 30,
    messages: [
      { role: "system", content: "be brief" },
      { role: "user", content: [{ type: "text", text: "what is this" }, { type: "image_url" }] },
    ],
  };
  const text = `${line("1", body)}\n`;
  expect(() => readWhole(openAiBatch, text, "b", { counter })).toThrow("--option output=cap");
  const { workload, report } = readWhole(openAiBatch, text, "b", { counter, output: "cap" });
  expect([...workload.requests.promptTokens]).toEqual([5]);
  expect([...workload.truth.outputTokens]).toEqual([30]);
  expect([...workload.requests.maxTokens]).toEqual([30]);
  expect(workload.requests.promptText!(0)).toBe("be brief\nwhat is this");
  expect(report.assumptions.join()).toContain("a test's words");
  expect(report.assumptions.join()).toContain("1 parts of prompts that are no text");
});

test("without a tokenizer the file says what it lacks", () => {
  const text = line("1", { max_tokens: 3, prompt: "hi" });
  expect(() => readWhole(openAiBatch, text, "b", { output: "cap" })).toThrow(
    "expected a tokenizer",
  );
});
