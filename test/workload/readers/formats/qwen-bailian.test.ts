import { expect, test } from "vitest";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";

const line = (chat: number, parent: number, more = {}) =>
  JSON.stringify({
    chat_id: chat,
    parent_chat_id: parent,
    timestamp: chat / 8,
    input_length: 521,
    output_length: 132,
    type: "text",
    turn: 1,
    hash_ids: [1089, 1090],
    ...more,
  });

test("requests that follow each other are one session, whatever the order of the lines", async () => {
  const text = [
    line(8, 3, { turn: 3, type: "search" }),
    line(1, -1),
    line(3, 1, { turn: 2 }),
    line(5, 4),
    line(6, 5),
  ].join("\n");
  const { workload: { requests }, report } = await readTrace(text);
  expect(report.recognised).toBe("JSON lines with chat_id and parent_chat_id");
  expect([...requests.arrival]).toEqual([0.125, 0.375, 0.625, 0.75, 1]);
  const { session, category, promptBlocks, extra } = requests;
  // 4 is from before the trace: it names the session that it began.
  expect(Array.from(session!.codes, (code) => session!.names[code])).toEqual([
    "1",
    "1",
    "4",
    "4",
    "1",
  ]);
  expect(category.names[category.codes[4]]).toBe("search");
  expect(promptBlocks).toMatchObject({ tokensPerBlock: 16 });
  expect([...extra!.turn as Int32Array]).toEqual([1, 2, 1, 1, 3]);
});

test("a ring of parents ends, and a row without an answer is unserved", async () => {
  const text = [line(1, 2), line(2, 1), line(3, -1, { output_length: 0 })].join("\n");
  const { workload, unserved, report } = await readTrace(text);
  expect(workload.requests.session!.names.length).toBe(1);
  expect(report.setAside).toEqual([
    { reason: "requests without an answer (output_length 0)", rows: 1 },
  ]);
  expect(unserved!.requests.size).toBe(1);
});
