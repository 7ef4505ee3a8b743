import { expect, test } from "vitest";
import { mooncake } from "../../../../src/workload/readers/formats/mooncake.ts";
import { timedTrace } from "../../../../src/workload/readers/formats/timed-trace.ts";
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

const rows = (...list: readonly object[]) => list.map((row) => JSON.stringify(row)).join("\n");
const lengths = { input_length: 700, output_length: 5 };
/** Of 700 tokens: 2 blocks of 512. */
const mooncakes = { ...lengths, hash_ids: [1, 2] };

test("a file whose unit cannot be told is refused, with both rates and the option", async () => {
  const text = rows(...[0, 3, 8].map((timestamp) => ({ timestamp, ...mooncakes })));
  await expect(readTrace(text, { source: "m.jsonl" })).rejects.toThrow(
    'm.jsonl, field timestamp: got "0 to 8", expected times whose unit the file tells, as they may be ' +
      "seconds or milliseconds (0.25 requests a second in seconds, 250 in milliseconds; ids of blocks " +
      "of 512 tokens, as Mooncake's): name it with the option unit=s or unit=ms",
  );
  const seconds = await readTrace(text, { unit: "s" });
  expect([...seconds.workload.requests.arrival]).toEqual([0, 3, 8]);
  expect(seconds.report.assumptions).toContain("times are seconds, as the option unit says");
  const named = await readTrace(text, { format: "mooncake" });
  expect([...named.workload.requests.arrival]).toEqual([0, 0.003, 0.008]);
  expect(named.report.assumptions).toContain(
    "times are milliseconds, as the format mooncake has them",
  );
  const micro = await readTrace(text, { unit: "us" });
  expect([...micro.workload.requests.arrival]).toEqual([0, 3e-6, 8e-6]);
});

test("a named format fixes the unit, and what speaks against it is said", () => {
  const text = rows(...[0, 0.2, 0.4].map((timestamp) => ({ timestamp, ...mooncakes })));
  const { workload, report } = readWhole(mooncake, text, "m.jsonl");
  expect([...workload.requests.arrival]).toEqual([0, 0.0002, 0.0004]);
  expect(report.assumptions.join()).toContain(
    "times are milliseconds, as the format mooncake has them, although the file looks like seconds: " +
      "5 requests a second in seconds, 5000 in milliseconds",
  );
  const seconds = readWhole(timedTrace, text, "m.jsonl");
  expect([...seconds.workload.requests.arrival]).toEqual([0, 0.2, 0.4]);
  expect(seconds.report.assumptions.join()).not.toContain("although");
});

test("hash ids may be missing, and rows may stand in an array", async () => {
  const list = [{ timestamp: 0, ...lengths }, { timestamp: 12_000, ...lengths, hash_ids: null }];
  const { workload, report } = await readTrace(JSON.stringify(list));
  expect([...workload.requests.arrival]).toEqual([0, 12]);
  expect(workload.requests.promptBlocks).toBeUndefined();
  expect(report.format).toBe("mooncake");
});

test("dates are counted from the first, whatever their unit; a time that is none is refused", async () => {
  const first = 1759813207532;
  for (const [unit, perMs] of [["ms", 1], ["us", 1e3], ["ns", 1e6], ["s", 1e-3]] as const) {
    const text = rows(
      ...[first, first + 10_535, first + 250].map((ms) => ({
        timestamp: ms * perMs,
        ...mooncakes,
      })),
    );
    const { workload: { requests }, report } = await readTrace(text);
    expect(requests.arrival[1], unit).toBeCloseTo(0.25, 5);
    expect(requests.arrival[2], unit).toBeCloseTo(10.535, 5);
    expect(report.assumptions.join()).toContain("2025-10-07T05:00:07.532Z");
  }
  const text = rows(...[first, 0, first + 5].map((timestamp) => ({ timestamp, ...mooncakes })));
  await expect(readTrace(text, { source: "m.jsonl" })).rejects.toThrow(
    "m.jsonl, row 2, field timestamp: got 0, expected milliseconds since 1970, as most rows have",
  );
});

test("a turn with a delay arrives after the turn before it, and the report says what that leaves out", async () => {
  const text = rows(
    { session_id: "a", timestamp: 1000, ...mooncakes },
    { session_id: "b", timestamp: 2000, ...mooncakes },
    { session_id: "a", delay: 500, ...mooncakes },
    { session_id: "a", delay: 250.5, ...mooncakes },
    { session_id: "b", ...mooncakes },
  );
  const { workload: { requests }, report } = await readTrace(text);
  expect([...requests.arrival]).toEqual([1, 1.5, 1.7505, 2, 2]);
  expect(requests.session!.names).toEqual(["a", "b"]);
  expect([...requests.session!.codes]).toEqual([0, 0, 0, 1, 1]);
  expect(report.assumptions.join()).toContain("3 turns have a delay in place of a time");
});

test("where no row has a time, first turns arrive by the option rate, and delays follow", async () => {
  const text = rows(
    { session_id: "a", ...lengths },
    { session_id: "b", ...lengths },
    { session_id: "a", delay: 2000, ...lengths },
  );
  const { workload: { requests }, report } = await readTrace(text);
  expect([...requests.arrival]).toEqual([0, 0, 2]);
  expect(report.assumptions.join()).toContain(
    "every request arrives at 0, because the file has no",
  );
  const spread = await readTrace(text, { rate: 2, seed: 3 });
  const [a, b, later] = spread.workload.requests.arrival;
  expect(Math.min(a, b)).toBeGreaterThan(0);
  expect(later).toBeGreaterThan(2);
});

test("a first turn without a time among others that have one is refused", async () => {
  const text = rows({ timestamp: 5000, ...mooncakes }, { session_id: "x", delay: 5, ...mooncakes });
  await expect(readTrace(text, { source: "m.jsonl" })).rejects.toThrow(
    "m.jsonl, row 2, field timestamp: got undefined, expected a time, as other rows have",
  );
});

test("ids that cannot be are refused, those that end early are said", async () => {
  const text = [
    line(0, [1, 2]),
    `{"timestamp": 2000, "input_length": 20, "output_length": 8, "hash_ids": [0, 1]}`,
    `{"timestamp": 4000, "input_length": 5000, "output_length": 8, "hash_ids": [0]}`,
  ].join("\n");
  await expect(readTrace(text, { source: "m.jsonl", format: "mooncake" })).rejects.toThrow(
    'm.jsonl, row 2, field hash_ids: got "2 ids", expected at most 1, for a prompt of 20 tokens',
  );
  const { report } = await readTrace(text, { lenient: true, format: "mooncake" });
  expect(report.assumptions.join()).toContain(
    "hash ids of 1 requests end before their prompt does",
  );
});

test("a time beyond 32 years is refused with the option that names another unit", () => {
  const text = rows({ timestamp: 0, ...lengths }, { timestamp: 4e12, ...lengths });
  expect(() => readWhole(timedTrace, text, "m.jsonl")).toThrow(
    "m.jsonl, row 2, field timestamp: got 4000000000000, expected at most 1000000000 seconds (32 " +
      "years); the option unit names another unit",
  );
});
