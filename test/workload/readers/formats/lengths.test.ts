import { expect, test } from "vitest";
import { readBundled } from "../../../../src/files/read-bundled.ts";
import { lengthTable } from "../../../../src/workload/readers/formats/lengths.ts";
import { readWhole } from "../../../../src/workload/readers/read-trace.ts";
import { logCorrelation, mean, summary } from "../support/statistics.ts";

test("the lengths of 1,024 chats are those of the notes", async () => {
  const file = "lmsys_lengths/lmsys_1024_llama_tokenizer_lengths.csv";
  const { workload, report } = readWhole(lengthTable, await readBundled(file), file);
  const { promptTokens } = workload.requests;
  const { outputTokens } = workload.truth;
  expect(report).toMatchObject({ rowsRead: 1024, rowsKept: 1024, columnsIgnored: [] });
  // Source: notes on the traces, table of rates and lengths, [computed].
  expect(summary(promptTokens)).toEqual([62, 17, 177, 586]);
  expect(summary(outputTokens)).toEqual([162, 117, 389, 533]);
  expect(logCorrelation(promptTokens, outputTokens)).toBeCloseTo(0.1, 2);
});

test("another tokenizer counts about a sixth more on the same chats", async () => {
  const read = async (tokenizer: string) => {
    const file = `lmsys_lengths/lmsys_1024_${tokenizer}_tokenizer_lengths.csv`;
    return readWhole(lengthTable, await readBundled(file), file).workload.truth;
  };
  const llama = await read("llama");
  const mistral = await read("mistral");
  expect(mistral.outputTokens.length).toBe(1024);
  expect(mean(mistral.outputTokens) / mean(llama.outputTokens)).toBeCloseTo(1.17, 2);
});

test("a table with a time column has it ignored and named", () => {
  const text = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,374,44\n";
  const { workload, report } = readWhole(lengthTable, text, "azure.csv");
  expect([...workload.requests.promptTokens, ...workload.truth.outputTokens]).toEqual([374, 44]);
  expect(report.columnsIgnored).toEqual(["TIMESTAMP"]);
});
