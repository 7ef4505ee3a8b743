import { expect, test } from "vitest";
import { weka } from "../../../../src/workload/readers/formats/weka.ts";
import { headOf } from "../../../../src/workload/readers/parsing/head.ts";
import { readWhole } from "../../../../src/workload/readers/read-whole.ts";

const request = (t: number, input: number, output: number, hash_ids: number[]) => ({
  ...{ t, type: "s", model: "m", in: input, out: output, hash_ids },
});
const conversation = (id: string, requests: unknown[], more = {}) => ({
  ...{ id, models: ["m"], block_size: 64, requests, ...more },
});

test("requests of subagents are taken in, on the conversation's clock", () => {
  const text = JSON.stringify(conversation("c", [
    request(0, 128, 5, [1, 2]),
    { t: 2, type: "subagent", requests: [request(0.5, 64, 6, [1]), request(3, 70, 7, [1, 3])] },
    request(4, 192, 8, [1, 2, 4]),
  ]));
  const { workload } = readWhole(weka, `${text}\n`, "w.jsonl");
  const { requests, truth } = workload;
  expect([...requests.arrival]).toEqual([0, 2.5, 4, 5]);
  expect([...truth.outputTokens]).toEqual([5, 6, 8, 7]);
  expect(requests.session!.names).toEqual(["c"]);
  expect(requests.promptBlocks!.tokensPerBlock).toBe(64);
});

test("ids of blocks are a conversation's own, unless their scope is global", () => {
  const both = (more = {}) =>
    ["a", "b"].map((id) => JSON.stringify(conversation(id, [request(0, 128, 5, [1, 2])], more)))
      .join("\n");
  const values = (
    text: string,
  ) => [...readWhole(weka, text, "w").workload.requests.promptBlocks!.values];
  expect(values(both())).toEqual([0, 1, 2, 3]);
  expect(values(both({ hash_id_scope: "global" }))).toEqual([0, 1, 0, 1]);
});

test("an array and a pretty document are read, answers of no token are unserved, starts are drawn", () => {
  const list = [
    conversation("a", [request(0, 10, 5, []), request(1, 10, 0, [])]),
    conversation("b", [request(0, 10, 5, [])]),
  ];
  const { workload, unserved, report } = readWhole(weka, JSON.stringify(list), "w", { rate: 0.1 });
  expect(workload.requests.size).toBe(2);
  expect(unserved!.requests.size).toBe(1);
  expect(workload.requests.arrival[1]).toBeGreaterThan(workload.requests.arrival[0]);
  expect(report.assumptions.join()).toContain("Poisson arrivals of 0.1 conversations a second");
  const pretty = JSON.stringify(list[0], null, 2);
  expect(readWhole(weka, pretty, "w").workload.requests.size).toBe(1);
  for (const text of [pretty, JSON.stringify(list), JSON.stringify(list[0])]) {
    expect(weka.recognise(headOf(new TextEncoder().encode(text), true))).toBeDefined();
  }
});

test("a bad request is refused by its place", () => {
  const text = JSON.stringify(conversation("c", [request(0, 10, 5, []), { t: -1, type: "s" }]));
  expect(() => readWhole(weka, text, "w")).toThrow("w, row 1, field requests.1.t: got -1");
});
