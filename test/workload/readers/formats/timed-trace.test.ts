import { expect, test } from "vitest";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";

const line = (time: string, input: number, blocks: number) =>
  `{"timestamp": ${time}, "input_length": ${input}, "output_length": 3, "hash_ids": ${
    JSON.stringify(Array(blocks).fill(7))
  }}`;

test("a fraction in the first time tells seconds from Mooncake's milliseconds", async () => {
  const seconds = await readTrace([line("0.0", 30, 2), line("2", 17, 2)].join("\n"));
  expect(seconds.report.format).toBe("vllm-timed-trace");
  expect([...seconds.workload.requests.arrival]).toEqual([0, 2]);
  const milliseconds = await readTrace([line("0", 30, 2), line("2", 17, 2)].join("\n"));
  expect(milliseconds.report.format).toBe("mooncake");
  expect([...milliseconds.workload.requests.arrival]).toEqual([0, 0.002]);
});

test("the length of a block is the one by which the ids just cover every prompt", async () => {
  const blocks = async (text: string, options = {}) => {
    const { workload, report } = await readTrace(text, options);
    return [workload.requests.promptBlocks!.tokensPerBlock, report.assumptions[0]];
  };
  const of512 = [line("0.5", 513, 2), line("1.5", 512, 1)].join("\n");
  expect(await blocks(of512))
    .toEqual([512, "blocks of 512 tokens: with this length the hash ids just cover every prompt"]);
  expect(await blocks(line("0.5", 16, 1))).toEqual([16, expect.stringContaining("blocks of 16")]);
  expect(await blocks(line("0.5", 100, 9))).toEqual([
    16,
    expect.stringContaining("no length fits"),
  ]);
  expect((await blocks(of512, { blockTokens: 1024 }))[0]).toBe(1024);
});
