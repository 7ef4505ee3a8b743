import { expect, test } from "vitest";
import {
  answerOfResponses,
  textOfContent,
} from "../../../../src/workload/readers/formats/genai-perf-answer.ts";

const event = (value: unknown) => ({ response: `data: ${JSON.stringify(value)}\n\n` });

test("what carries something is text: contents, parts, refusals and calls of tools", () => {
  const deltas = [
    { role: "assistant" },
    { content: null, refusal: "no" },
    { content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] },
    { tool_calls: [{ function: { name: "f", arguments: "" } }] },
    { tool_calls: [] },
  ];
  const answer = answerOfResponses(deltas.map((delta) => event({ choices: [{ delta }] })));
  expect(answer).toMatchObject({
    texts: ["", "no", "a b", '[{"name":"f","arguments":""}]', ""],
    streamed: true,
    failed: false,
  });
});

test("usage without choices, pings and empty events add no text", () => {
  const answer = answerOfResponses([
    { response: ": ping\n\n" },
    { response: "" },
    event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }),
    event({ choices: null, usage: {} }),
    event(null),
    { response: "data: [DONE]" },
  ]);
  expect(answer).toMatchObject({
    texts: ["", "", "", "", "", ""],
    usage: { prompt: 3, completion: 2 },
  });
});

test("an error says so, wherever it stands", () => {
  expect(answerOfResponses([event({ error: { message: "m" } })])).toMatchObject({ failed: true });
  expect(answerOfResponses([{ response: '{"error": "m"}' }])).toMatchObject({ failed: true });
});

test("texts of contents", () => {
  expect(["a", ["a", { text: "b" }], null, 3].map(textOfContent)).toEqual(["a", "a b", "", ""]);
});
