import { describe, expect, test } from "vitest";
import { promptContent } from "../../../../src/workload/content-of-prompts.ts";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";
import { sharedPrefixTokens } from "../../../../src/workload/statistics/shared-prefixes.ts";

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

describe("answers in later turns", () => {
  /** A conversation as token numbers, and the ids of its blocks of 16: chained, as the data set has them. */
  const idOf = new Map<string, number>();
  const hashIds = (tokens: readonly number[]) =>
    Array.from({ length: Math.ceil(tokens.length / 16) }, (_, k) => {
      const prefix = tokens.slice(0, 16 * (k + 1)).join();
      if (!idOf.has(prefix)) idOf.set(prefix, 2 ** 31 - 1 - idOf.size);
      return idOf.get(prefix)!;
    });
  let fresh = 0;
  const tokens = (count: number) => Array.from({ length: count }, () => fresh++);
  const [system, first, answer1, second, answer2, third, other] = [40, 9, 21, 30, 50, 3, 12]
    .map(tokens);
  const prompts = [
    [...system, ...first],
    [...system, ...first, ...answer1, ...second],
    [...system, ...first, ...answer1, ...second, ...answer2, ...third],
    // Goes on from the first turn in another way, and one that cut its history.
    [...system, ...first, ...answer1, ...other],
    [...second, ...answer2, ...third],
  ];
  const outputs = [21, 50, 8, 8, 8];
  const parents = [-1, 0, 1, 0, 1];
  const text = prompts.map((prompt, chat) =>
    line(chat, parents[chat], {
      input_length: prompt.length,
      output_length: outputs[chat],
      hash_ids: hashIds(prompt),
    })
  ).join("\n");
  /** What an endless cache holds of each prompt, counted token by token. */
  const held = (blockTokens: number) => {
    const answers = [answer1, answer2];
    const seen = prompts.map((prompt, i) => [...prompt, ...answers[i]?.slice(0, -1) ?? []]);
    return prompts.map((prompt, i) => {
      const longest = Math.max(
        0,
        ...seen.slice(0, i).map((before) => {
          const ends = before.findIndex((token, k) => token !== prompt[k]);
          return ends < 0 ? before.length : ends;
        }),
      );
      return Math.floor(Math.min(longest, prompt.length - 1) / blockTokens) * blockTokens;
    });
  };

  test("are found by ids and lengths, so that a cache holds what it does token by token", async () => {
    const { workload: { requests, truth }, report } = await readTrace(text);
    expect(report.assumptions.join()).toContain(
      "3 of 4 later turns are taken to hold the answer before them",
    );
    const { promptTokens, promptBlocks } = requests;
    const { offsets, tokens, answers } = promptBlocks!;
    promptTokens.forEach((length, row) => {
      const own = tokens!.subarray(offsets[row], offsets[row + 1]);
      expect(own.reduce((sum, each) => sum + each, 0)).toBe(length);
    });
    expect([...answers!].map((id) => id >= 0)).toEqual([true, true, false, false, false]);
    const content = promptContent(requests)!;
    for (const blockTokens of [1, 5, 16]) {
      const shared = sharedPrefixTokens({ content, promptTokens, ...truth }, blockTokens);
      expect([...shared]).toEqual(held(blockTokens));
    }
  });

  test("are left alone where the user says so, and a shorter turn holds none", async () => {
    const { workload } = await readTrace(text, { answers: "unknown" });
    expect(workload.requests.promptBlocks).toMatchObject({ tokensPerBlock: 16 });
    const short = [
      line(1, -1, { input_length: 16, hash_ids: [5], output_length: 20 }),
      line(2, 1, { input_length: 35, hash_ids: [5, 6, 7] }),
    ].join("\n");
    expect((await readTrace(short)).workload.requests.promptBlocks).toEqual({
      offsets: Int32Array.of(0, 1, 4),
      values: Int32Array.of(5, 5, 6, 7),
      tokensPerBlock: 16,
    });
  });
});
