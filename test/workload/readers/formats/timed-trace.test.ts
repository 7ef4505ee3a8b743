import { expect, test } from "vitest";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";

const line = (time: string, input: number, blocks: number) =>
  `{"timestamp": ${time}, "input_length": ${input}, "output_length": 3, "hash_ids": ${
    JSON.stringify(Array(blocks).fill(7))
  }}`;

test("the whole file tells seconds from Mooncake's milliseconds, not how a number is printed", async () => {
  const seconds = await readTrace([line("0", 30, 2), line("2.5", 17, 2)].join("\n"));
  expect(seconds.report.format).toBe("vllm-timed-trace");
  expect([...seconds.workload.requests.arrival]).toEqual([0, 2.5]);
  const whole = await readTrace([line("0", 30, 2), line("2", 17, 2)].join("\n"));
  expect([...whole.workload.requests.arrival]).toEqual([0, 2]);
  const milliseconds = await readTrace([line("0.0", 1000, 2), line("2000.0", 700, 2)].join("\n"));
  expect(milliseconds.report.format).toBe("mooncake");
  expect([...milliseconds.workload.requests.arrival]).toEqual([0, 2]);
});

test("the length of a block is the one by which the ids just cover every prompt", async () => {
  const blocks = async (text: string, options = {}) => {
    const { workload, report } = await readTrace(text, options);
    return [workload.requests.promptBlocks!.tokensPerBlock, report.assumptions[0]];
  };
  const of512 = [line("0.5", 513, 2), line("0.75", 512, 1)].join("\n");
  expect(await blocks(of512))
    .toEqual([512, "blocks of 512 tokens: with this length the hash ids just cover every prompt"]);
  expect(await blocks(line("0.5", 16, 1), { format: "vllm-timed-trace" }))
    .toEqual([16, expect.stringContaining("blocks of 16")]);
  expect(await blocks([line("0.5", 100, 4), line("1.5", 90, 4)].join("\n"))).toEqual([
    16,
    expect.stringContaining("no length fits"),
  ]);
  expect((await blocks(of512, { blockTokens: 256 }))[0]).toBe(256);
});

test("more ids than a prompt has room for are refused by row, and the option named", async () => {
  const bad = [line("0.5", 100, 7), line("1.5", 100, 7), line("2.5", 20, 3)].join("\n");
  await expect(readTrace(bad, { source: "t.jsonl", format: "vllm-timed-trace" })).rejects.toThrow(
    't.jsonl, row 3, field hash_ids: got "3 ids", expected at most 2, for a prompt of 20 tokens in ' +
      "blocks of 16; the option blockTokens names another length",
  );
  const { report } = await readTrace(bad, { format: "vllm-timed-trace", lenient: true });
  expect(report).toMatchObject({ rowsRead: 3, rowsKept: 2, rowsRefused: 1 });
  const other = await readTrace(line("0", 100, 9), { blockTokens: 12 });
  expect(other.workload.requests.promptBlocks!.tokensPerBlock).toBe(12);
});
