import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

const FIXTURE = new URL("../../../fixtures/traces/aibrix-workload.jsonl", import.meta.url);
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);
const counter = () => Promise.resolve({ name: "letters", count: (text: string) => text.length });

test("every request of a line arrives at its time", async () => {
  const { workload, report } = await openTrace(FIXTURE);
  expect(report).toMatchObject({ format: "aibrix", rowsRead: 4, rowsKept: 4 });
  const { requests, truth } = workload;
  expect([...requests.arrival]).toEqual([0, 0, 1.5, 2.25]);
  expect([...requests.promptTokens]).toEqual([100, 50, 30, 5]);
  expect([...truth.outputTokens]).toEqual([20, 10, 25, 7]);
  expect(namesOf(requests.session!)).toEqual(["1", "2", "1", ""]);
  expect(requests.promptText!(2)).toBe("And then?");
  expect(report.assumptions).toContain(
    "prompts of sessions are the turns alone; AIBrix's client sends the earlier ones before them: " +
      "the option history adds these",
  );
});

test("with history a prompt holds the turns before it", async () => {
  const { workload } = await openTrace(FIXTURE, { history: true });
  // 100 and 20 of the first turn before the 30 of the second.
  expect([...workload.requests.promptTokens]).toEqual([100, 50, 150, 5]);
});

test("a JSON array of the same is read, and prompts without lengths are counted", async () => {
  const steps = [{
    timestamp: 500,
    requests: [
      { prompt: "four", prompt_length: null, output_length: 2 },
      { prompt: [{ role: "user", content: "seven.." }], prompt_length: null, output_length: 3 },
    ],
  }];
  const { workload, report } = await readTrace(JSON.stringify(steps), { tokenCounter: counter });
  expect([...workload.requests.arrival]).toEqual([0.5, 0.5]);
  expect([...workload.requests.promptTokens]).toEqual([4, 7]);
  expect(report.assumptions).toContain("prompts of 2 requests counted with letters");
});

test("an answer without a length is refused with its place", async () => {
  const text = JSON.stringify({
    timestamp: 19,
    requests: [{ prompt: "a", prompt_length: 101, output_length: null, session_id: 0 }],
  });
  await expect(readTrace(text, { source: "x" })).rejects.toThrow(
    "x, row 1, field requests.0.output_length: got null, expected tokens of the answer",
  );
});
