import { expect, test } from "vitest";
import { mooncake } from "../../../../src/workload/readers/formats/mooncake.ts";
import { readTrace, readWhole } from "../../../../src/workload/readers/read-trace.ts";

const line = (timestamp: number, hash_ids: number[], extra = {}) =>
  JSON.stringify({ timestamp, input_length: 1000, output_length: 5, hash_ids, ...extra });

test("times in batches are spread over the batch in the order of the file", () => {
  const text = [line(0, [0]), line(0, [1]), line(0, [2]), line(3000, [3]), line(9000, [4])];
  const { workload, report } = readWhole(mooncake, text.join("\n"), "m.jsonl");
  expect([...workload.requests.arrival]).toEqual([0, 1, 2, 3, 9]);
  expect(report.assumptions[0])
    .toBe("requests of the same time are spread evenly over the 3 s of a batch");
  const asLogged = readWhole(mooncake, text.join("\n"), "m.jsonl", { spread: "none" });
  expect([...asLogged.workload.requests.arrival]).toEqual([0, 0, 0, 3, 9]);
});

test("times on a finer grid stay as they are, equal ones too", () => {
  const text = [line(0, [0]), line(450, [1]), line(450, [2])].join("\n");
  expect([...readWhole(mooncake, text, "m.jsonl").workload.requests.arrival])
    .toEqual([0, 0.45, 0.45]);
});

test("hash ids are the prompt's blocks, and go with their row when rows are sorted", async () => {
  const text = `${line(500, [7, 8], { note: 1 })}\n\n${line(100, [])}\n${line(300, [7])}\n`;
  const { workload, report } = await readTrace(text, { source: "m.jsonl" });
  const { promptBlocks } = workload.requests;
  expect([...promptBlocks!.offsets]).toEqual([0, 0, 1, 3]);
  expect([...promptBlocks!.values]).toEqual([7, 7, 8]);
  expect(report).toMatchObject({ format: "mooncake", blankLines: 1, columnsIgnored: ["note"] });
});

test("a bad line is refused by row, field and value", () => {
  const text = `${line(0, [0])}\n${line(0, [0]).replace("1000", "1e309")}\n{"a":\n`;
  expect(() => readWhole(mooncake, text, "m.jsonl")).toThrow(
    "m.jsonl, row 2, field input_length: got Infinity",
  );
  const { report } = readWhole(mooncake, text, "m.jsonl", { lenient: true });
  expect(report).toMatchObject({ rowsRead: 3, rowsKept: 1, rowsRefused: 2 });
});
