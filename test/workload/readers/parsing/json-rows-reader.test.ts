import { expect, test } from "vitest";
import { readTrace } from "../../../../src/traces/read-trace.ts";

const GOOD = '{"prompt_tokens":3,"completion_tokens":5,"startTime":1763324552.8}';
const read = (text: string) => readTrace(text, { source: "log", format: "litellm", lenient: true });

test.each([
  ["LF", "\n"],
  ["CR", "\r"],
  ["CR LF", "\r\n"],
])(
  "rows and blank lines are counted by any line end, also at the end of a file: %s",
  async (_name, end) => {
    for (const last of ["", end, end + end]) {
      const { report } = await read(`${GOOD}${end}${end}${end}bad${end}${GOOD}${last}`);
      expect(report).toMatchObject({ rowsKept: 2, rowsRefused: 1 });
      expect(report.blankLines).toBe(last === end + end ? 3 : 2);
      expect(report.problems.map(({ row }) => row)).toEqual([4]);
    }
  },
);

test("each line may have another end", async () => {
  const { report } = await read(`${GOOD}\r\r\n\n\r${GOOD}\n\rbad\r${GOOD}`);
  expect(report).toMatchObject({ rowsKept: 3, rowsRefused: 1, blankLines: 4 });
  expect(report.problems.map(({ row }) => row)).toEqual([7]);
});

test("a file with a hundred thousand lines and one kind of line end is read in seconds", async () => {
  const { report } = await read(`${GOOD}\r`.repeat(100_000));
  expect(report.rowsKept).toBe(100_000);
});
