import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { callsOf, capsOf, PromptOptions } from "../../src/live/prompts.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { handWorkload } from "../support/workloads.ts";

const identity = { id: "a-1", model: "m", priority: 3 };
const paper = paperWorkload({ requests: 5 });
const lengths = handWorkload({ arrival: [0, 1], promptTokens: [7, 9], outputTokens: [20, 30] });
const options = (input: Parameters<typeof PromptOptions.parse>[0] = {}) =>
  PromptOptions.parse(input);

test("a workload with text sends its prompts, up to its caps", () => {
  const call = callsOf(paper, options(), 1)(2, identity);
  expect(call).toEqual({
    ...identity,
    endpoint: "completions",
    prompt: paper.requests.promptText!(2),
    maxTokens: paper.requests.maxTokens[2],
  });
});

test("a workload of lengths sends as many ids of its own, and gets answers of its lengths", () => {
  const call = callsOf(lengths, options(), 1);
  const [first, second] = [call(0, identity), call(1, identity)];
  expect(first).toMatchObject({ maxTokens: 20, ignoreEos: true });
  const prompts = [first, second].map((each) =>
    Array.from((each as unknown as { prompt: number[] }).prompt)
  );
  expect(prompts.map(({ length }) => length)).toEqual([7, 9]);
  expect(prompts[0]).not.toEqual(prompts[1].slice(0, 7));
  expect(callsOf(lengths, options(), 1)(0, identity)).toEqual(first);
  expect(callsOf(lengths, options(), 2)(0, identity)).not.toEqual(first);
});

test("a chat is one message; sampling and seeds are sent when asked for", () => {
  const chat = options({ endpoint: "chat", temperature: 0.5, requestSeeds: true });
  const call = callsOf(paper, chat, 1);
  expect(call(0, identity)).toMatchObject({
    endpoint: "chat",
    messages: [{ role: "user", content: paper.requests.promptText!(0) }],
    temperature: 0.5,
  });
  expect(call(0, identity).seed).not.toBe(call(1, identity).seed);
});

test("what the workload has not is refused", () => {
  expect(() => callsOf(lengths, options({ prompts: "text" }), 1)).toThrow(InputError);
  expect(() => callsOf(lengths, options({ endpoint: "chat" }), 1)).toThrow(InputError);
  const empty = handWorkload({ arrival: [0, 1], promptTokens: [7, 0] });
  expect(() => callsOf(empty, options(), 1)).toThrow("workload, row 2, field promptTokens: got 0");
});

test("the caps are those that are sent", () => {
  expect(capsOf(lengths, options())).toEqual({
    exact: true,
    maxTokens: lengths.truth.outputTokens,
  });
  const server = options({ answerLengths: "server" });
  expect(capsOf(lengths, server).maxTokens).toBe(lengths.requests.maxTokens);
});
