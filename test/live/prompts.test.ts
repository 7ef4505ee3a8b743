import { describe, expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import type { CompletionRequest } from "../../src/live/client/completion-request.ts";
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

describe("a workload of lengths in a chat", () => {
  const chat = options({ endpoint: "chat" });
  const contentOf = (call: CompletionRequest) =>
    (call as Extract<CompletionRequest, { endpoint: "chat" }>).messages[0].content;

  test("sends as many words, and gets answers of its lengths", () => {
    const call = callsOf(lengths, chat, 1);
    expect(call(0, identity)).toMatchObject({ endpoint: "chat", maxTokens: 20, ignoreEos: true });
    const texts = [0, 1].map((row) => contentOf(call(row, identity)));
    expect(texts.map((text) => text.split(" ").length)).toEqual([7, 9]);
    expect(texts[1].startsWith(texts[0])).toBe(false);
    expect(contentOf(callsOf(lengths, chat, 1)(0, identity))).toBe(texts[0]);
  });

  test("less what the server's template adds, and at least one", () => {
    const call = callsOf(lengths, chat, 1);
    const words = (row: number, template: number) =>
      contentOf(call(row, identity, template)).split(" ").length;
    expect([words(0, 5), words(1, 5), words(0, 7), words(0, 30)]).toEqual([2, 4, 1, 1]);
  });

  test("shares as text what its prompts share", () => {
    const requests = {
      ...lengths.requests,
      promptTokens: Int32Array.of(12, 12),
      promptBlocks: {
        offsets: Int32Array.of(0, 2, 4),
        values: Int32Array.of(1, 2, 1, 3),
        tokensPerBlock: 6,
      },
    };
    const call = callsOf({ ...lengths, requests }, chat, 1);
    const [a, b] = [0, 1].map((row) => contentOf(call(row, identity)).split(" "));
    expect(a.slice(0, 6)).toEqual(b.slice(0, 6));
    expect(a.slice(6)).not.toEqual(b.slice(6));
  });

  test("words can be sent as a completion, too: some servers take no token ids", () => {
    const call = callsOf(lengths, options({ prompts: "words" }), 1)(0, identity);
    expect((call as { prompt?: unknown }).prompt).toMatch(/^\w+( \w+){6}$/);
  });
});

test("what the workload has not is refused", () => {
  expect(() => callsOf(lengths, options({ prompts: "text" }), 1)).toThrow(InputError);
  const ids = options({ endpoint: "chat", prompts: "token-ids" });
  expect(() => callsOf(lengths, ids, 1)).toThrow(
    /prompts: got "token-ids", expected text or words/,
  );
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
