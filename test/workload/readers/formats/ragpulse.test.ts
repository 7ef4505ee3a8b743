import { beforeAll, expect, test } from "vitest";
import { readBundled } from "../../../../src/files/read-bundled.ts";
import { readTrace, readWhole } from "../../../../src/workload/readers/read-trace.ts";
import { ragPulse } from "../../../../src/workload/readers/formats/ragpulse.ts";

/** The first lines, those around the pair that is out of order, and the blank last one. */
let excerpt: string;
beforeAll(async () => {
  const bytes = await readBundled("ragpulse/0_trace.jsonl.gz");
  const lines = new TextDecoder().decode(bytes).split("\n");
  const time = (line: string) => Number(/"timestamp": "(\d+)"/.exec(line)?.[1]);
  const pair = lines.findIndex((line, i) => i > 0 && time(line) < time(lines[i - 1]));
  excerpt = [...lines.slice(0, 14), ...lines.slice(pair - 5, pair + 5), "", ""].join("\n");
});

test("lines of the real trace: sorted stably, sessions and components kept, all rows counted", async () => {
  const { workload, report } = await readTrace(excerpt, { source: "r.jsonl" });
  expect(report).toMatchObject({ format: "ragpulse", rowsRead: 24, rowsKept: 24, blankLines: 1 });
  expect(report.assumptions.join()).toMatch(/\d+ rows were out of order: .* stably/);
  const lines = excerpt.trim().split("\n").map((line) => JSON.parse(line));
  const sorted = lines.toSorted((a, b) => Number(a.timestamp) - Number(b.timestamp));
  const { requests, truth } = workload;
  expect([...requests.arrival]).toEqual(sorted.map((line) => Number(line.timestamp)));
  expect([...truth.outputTokens]).toEqual(sorted.map((line) => line.output_length));
  const { session, promptBlocks } = requests;
  sorted.forEach((line, row) => {
    expect(session!.names[session!.codes[row]]).toBe(line.session_id);
    const parts: Record<string, number[]> = {};
    for (let at = promptBlocks!.offsets[row]; at < promptBlocks!.offsets[row + 1]; at++) {
      const part = promptBlocks!.parts!.names[promptBlocks!.parts!.codes[at]];
      (parts[part] ??= []).push(promptBlocks!.values[at]);
    }
    for (const [part, ids] of Object.entries(line.hash_ids)) expect(parts[part] ?? []).toEqual(ids);
  });
});

test("files of token lengths beside the trace say how a prompt is split", async () => {
  const line = (user: number[]) =>
    JSON.stringify({
      timestamp: "3",
      input_length: 20,
      output_length: 4,
      hash_ids: {
        sys_prompt: [1],
        passages_ids: [],
        history: [],
        web_search: [],
        user_input: user,
      },
      session_id: "s",
    });
  const lengths = new TextEncoder().encode(
    '{"user_input_id": 7, "token_length": 8}\n{"user_input_id": 9, "token_length": 2}\n\n',
  );
  const companions = { user_input: lengths };
  const { workload } = await readTrace(`${line([7, 9])}\n${line([])}\n`, { companions });
  expect([...workload.requests.extra!["user_input tokens"] as Int32Array]).toEqual([10, 0]);
  await expect(readTrace(line([8]), { companions })).rejects.toThrow(
    "input, row 1, field hash_ids.user_input: got 8, expected an id that the file of token " +
      "lengths contains",
  );
  const bad = { user_input: new TextEncoder().encode('{"user_input_id": 7}\n') };
  await expect(readTrace(line([7]), { companions: bad })).rejects.toThrow(
    "user_input of input, row 1",
  );
});

test("with all files of lengths blocks have those, and a prompt that is shorter cuts them", async () => {
  const line = (input: number) =>
    JSON.stringify({
      timestamp: "3",
      input_length: input,
      output_length: 4,
      hash_ids: {
        sys_prompt: [1],
        passages_ids: [2, 3],
        history: [4],
        web_search: [],
        user_input: [5],
      },
      session_id: "s",
    });
  const lengths = (name: string, of: Record<number, number>) =>
    new TextEncoder().encode(
      Object.entries(of).map(([id, tokens]) => `{"${name}_id": ${id}, "token_length": ${tokens}}`)
        .join("\n"),
    );
  const companions = {
    sys_prompt: lengths("sys_prompt", { 1: 100 }),
    passages_ids: lengths("passage", { 2: 30, 3: 40 }),
    history: lengths("history", { 4: 0 }),
    web_search: lengths("web_search", {}),
    user_input: lengths("user_input", { 5: 7 }),
  };
  const { workload, report } = await readTrace(`${line(180)}\n${line(150)}\n`, { companions });
  expect([...workload.requests.promptBlocks!.tokens!])
    .toEqual([100, 30, 40, 0, 7, 100, 30, 20, 0, 0]);
  expect(report.assumptions.join()).toContain("blocks of 1 prompts are longer than input_length");
  expect(report.assumptions.join()).not.toContain("estimated");
});

test("a time that is no text of digits, and a component that is not known, are refused by name", () => {
  const [first] = excerpt.split("\n");
  const bad = [first.replace('"82"', "82"), first.replace('"history"', '"memory"')].join("\n");
  expect(() => readWhole(ragPulse, bad, "r.jsonl")).toThrow(
    /r\.jsonl, row 1, field timestamp: got 82[^]*r\.jsonl, row 2, field hash_ids\.history/,
  );
});
