import { expect, test } from "vitest";
import { promptContent } from "../../../../src/workload/content-of-prompts.ts";
import { recordedChat } from "../../../../src/workload/readers/formats/recorded-chat.ts";
import { readTrace, readWhole } from "../../../../src/workload/readers/read-trace.ts";
import { readBundled } from "../../../../src/files/read-bundled.ts";
import { takeContent } from "../../../../src/workload/transforms/take-content.ts";

const row = (prompt: number[][], rest: Record<string, unknown> = {}) => ({
  ...{
    id: 0,
    arrival_s: 0.5,
    prompt,
    prompt_tokens: 100,
    output_tokens: 4,
    priority: 0,
    tenant: 2,
  },
  ...{ cached_tokens: 0, sent_s: 0.6, first_token_s: 0.8, finished_s: 1.5, ...rest },
});
const read = (...rows: unknown[]) =>
  readWhole(recordedChat, rows.map((each) => JSON.stringify(each)).join("\n"), "x.jsonl");

test("a bundled recording: requests, what their prompts share, and what the server had cached", async () => {
  const bytes = await readBundled("vllm_cpu_chat/chat_l5.apc.requests.jsonl.gz");
  const { workload, measured, report } = await readTrace(bytes);
  expect(report).toMatchObject({ format: "recorded-chat", rowsKept: 300, columnsIgnored: [] });
  const { requests } = workload;
  // As the recordings' README counts them.
  expect(requests.promptTokens.reduce((sum, each) => sum + each, 0)).toBe(232_247);
  expect(measured!.cachedTokens!.reduce((sum, each) => sum + each, 0)).toBe(198_208);
  expect(requests.tenant.names.toSorted()).toEqual(["1", "2", "3"]);
  const { offsets, tokens } = promptContent(requests)!;
  for (let i = 0; i < requests.size; i++) {
    const sum = tokens.subarray(offsets[i], offsets[i + 1]).reduce((a, b) => a + b, 0);
    expect(sum).toBe(requests.promptTokens[i]);
  }
});

test("pieces that go on are one: prompts that begin with the same tokens begin with the same ids", () => {
  const { workload: { requests } } = read(
    row([[7, 0, 30], [7, 30, 20], [8, 0, 10]]),
    row([[7, 0, 50], [9, 0, 10]], { id: 1 }),
    row([[7, 10, 40]], { id: 2 }),
  );
  const { offsets, values, tokens } = requests.promptBlocks!;
  expect(Array.from(offsets)).toEqual([0, 2, 4, 5]);
  expect(Array.from(tokens!)).toEqual([50, 10, 50, 10, 40]);
  expect(values[0]).toBe(values[2]);
  expect(new Set(values).size).toBe(4);
});

test.each([
  [row([[7, 0, 101]]), /field prompt.*101.*at most prompt_tokens \(100\)/],
  [row([]), /field prompt/],
  [row([[7, 0, 0]]), /field prompt/],
  [row([[7, -1, 5]]), /field prompt/],
  [row([[7, 0, 5]], { cached_tokens: 101 }), /field cached_tokens.*at most prompt_tokens/],
  [row([[7, 0, 5]], { finished_s: 0.7 }), /field finished_s.*in order of time/],
])("a row that can't be is refused by field and row: %j", (wrong, message) => {
  expect(() => read(row([[1, 0, 5]]), wrong)).toThrow(message);
  expect(() => read(row([[1, 0, 5]]), wrong)).toThrow(/row 2/);
});

test("content of some rows, in another order, is that of these prompts", () => {
  const content = {
    offsets: Int32Array.of(0, 2, 3, 6),
    text: Int32Array.of(1, 2, 3, 4, 5, 6),
    from: Int32Array.of(0, 1, 2, 3, 4, 5),
    tokens: Int32Array.of(10, 20, 30, 40, 50, 60),
    answer: Int32Array.of(-1, 7, 8),
  };
  const found = takeContent(content, Int32Array.of(2, 0));
  expect(found.offsets).toEqual(Int32Array.of(0, 3, 5));
  expect(found.text).toEqual(Int32Array.of(4, 5, 6, 1, 2));
  expect(found.from).toEqual(Int32Array.of(3, 4, 5, 0, 1));
  expect(found.tokens).toEqual(Int32Array.of(40, 50, 60, 10, 20));
  expect(found.answer).toEqual(Int32Array.of(8, -1));
});
