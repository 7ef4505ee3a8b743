import { expect, test } from "vitest";
import { shareGpt } from "../../../../src/workload/readers/formats/sharegpt.ts";
import { headOf } from "../../../../src/workload/readers/parsing/head.ts";
import { readWhole } from "../../../../src/workload/readers/read-whole.ts";

/** A word a token. */
const counter = { name: "a test's words", count: (text: string) => text.split(" ").length };
const turns = (...said: [string, string][]) => said.map(([from, value]) => ({ from, value }));
const data = [
  {
    id: "a",
    conversations: turns(["human", "one two"], ["gpt", "a b c"], ["human", "three"], ["gpt", "d"]),
  },
  { id: "b", conversations: turns(["gpt", "alone"]) },
  { id: "c", conversations: turns(["system", "s"], ["human", "four five six"], ["gpt", "e f"]) },
];
const text = JSON.stringify(data);

test("the first question and its answer are a request, as vLLM's benchmark takes them", () => {
  const { workload, report } = readWhole(shareGpt, text, "s.json", { counter });
  expect([...workload.requests.promptTokens]).toEqual([2, 4]);
  expect([...workload.truth.outputTokens]).toEqual([3, 2]);
  expect(report.setAside).toEqual([
    { reason: "conversations without a question and its answer", rows: 1 },
  ]);
});

test("with all turns a prompt holds the conversation before it, and shares it", () => {
  const { workload } = readWhole(shareGpt, text, "s.json", { counter, turns: "all" });
  const { requests, truth } = workload;
  expect([...requests.promptTokens]).toEqual([2, 6, 4]);
  expect([...truth.outputTokens]).toEqual([3, 1, 2]);
  expect(requests.session!.names).toEqual(["a", "c"]);
  const { offsets, values, answers } = requests.promptBlocks!;
  // The answer of the first turn is the second block of the next prompt.
  expect(values[offsets[1] + 1]).toBe(answers![0]);
});

test("roles and contents are read too, in lines", () => {
  const line = JSON.stringify({
    messages: [{ role: "user", content: "x y" }, { role: "assistant", content: "z" }],
  });
  const { workload } = readWhole(shareGpt, `${line}\n${line}\n`, "s.jsonl", { counter });
  expect([...workload.requests.promptTokens]).toEqual([2, 2]);
  expect(shareGpt.recognise(headOf(new TextEncoder().encode(line), true))).toContain("messages");
});

test("what is no list of turns is refused", () => {
  expect(() => readWhole(shareGpt, JSON.stringify([{ conversations: [1] }]), "s", { counter }))
    .toThrow("s, row 1, field conversations: expected a list of turns");
});
