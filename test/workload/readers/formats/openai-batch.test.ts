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
  expect(() => readWhole(openAiBatch, text, "b", { counter })).toThrow(
    "b, row 1, field body: expected lengths of answers, which lines to be sent do not have",
  );
  expect(() => readWhole(openAiBatch, text, "b", { counter })).toThrow("--option output=cap");
  const { workload, report } = readWhole(openAiBatch, text, "b", { counter, output: "cap" });
  expect([...workload.requests.promptTokens]).toEqual([5]);
  expect([...workload.truth.outputTokens]).toEqual([30]);
  expect([...workload.requests.maxTokens]).toEqual([30]);
  expect(workload.requests.promptText!(0)).toBe("be brief\nwhat is this");
  expect(report.assumptions.join()).toContain("a test's words");
  expect(report.assumptions).toContain("not counted: 1 parts of prompts that are no text");
  expect(report.assumptions.join()).toContain("every answer is as long as its cap");
});

test("without a tokenizer the file says what it lacks", () => {
  const text = line("1", { max_tokens: 3, prompt: "hi" });
  expect(() => readWhole(openAiBatch, text, "b", { output: "cap" })).toThrow(
    "expected a tokenizer",
  );
});

test.each([
  ["no cap", { prompt: "hi" }, "b, row 1, field body.max_completion_tokens: expected a cap"],
  ["a cap of 0", { prompt: "hi", max_tokens: 0 }, "got 0, expected a cap of at least 1"],
  ["several prompts", { prompt: ["a", "b"], max_tokens: 3 }, "field body.prompt: got 2"],
  ["several lists", { prompt: [[1, 2]], max_tokens: 3 }, "expected one prompt a line"],
  ["no prompt", { max_tokens: 3 }, "b, row 1, field body: expected messages, a prompt"],
])("a line with %s is refused", (_, body, expected) => {
  const read = () => readWhole(openAiBatch, line("1", body), "b", { counter, output: "cap" });
  expect(read).toThrow(expected);
});

test("token ids are counted as they are, one text in a list is one prompt", () => {
  const text = [
    line("1", { prompt: [5, 6, 7], max_tokens: 3 }),
    line("2", { prompt: ["one two"], max_tokens: 3, n: 2 }),
  ].join("\n");
  const { workload, report } = readWhole(openAiBatch, text, "b", { counter, output: "cap" });
  expect([...workload.requests.promptTokens]).toEqual([3, 2]);
  expect(report.assumptions).toContain("not counted: 1 further answers (n)");
});

test("embeddings have no answers to serve: they are set aside, before and after", () => {
  const embed = JSON.stringify({
    ...{ custom_id: "1", method: "POST", url: "/v1/embeddings" },
    body: { input: ["a", "b"] },
  });
  const sent = `${embed}\n${line("2", { prompt: "hi", max_tokens: 3 })}\n`;
  const reason = "requests whose answers are no text (embeddings, moderations)";
  const before = readWhole(openAiBatch, sent, "b", { counter, output: "cap" });
  expect(before.report.setAside).toEqual([{ reason, rows: 1 }]);
  const embedded = JSON.stringify({
    ...{ custom_id: "1", error: null },
    response: { status_code: 200, body: { data: [], usage: { prompt_tokens: 8 } } },
  });
  const results = `${embedded}\n${result("2", { prompt_tokens: 1, completion_tokens: 2 })}\n`;
  expect(readWhole(openAiBatch, results, "b").report.setAside).toEqual([{ reason, rows: 1 }]);
});
