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

const subagent = (t: number, requests: unknown[]) => ({ t, type: "subagent", requests });
const lines = (...all: unknown[]) => all.map((each) => `${JSON.stringify(each)}\n`).join("");
const arrivals = (text: string, options = {}) => {
  const { workload, report } = readWhole(weka, text, "w.jsonl", options);
  return { arrival: [...workload.requests.arrival], said: report.assumptions.join("\n") };
};

test("a subagent's times count from the conversation's start where none is before the subagent", () => {
  const newer = lines(conversation("c", [
    request(0, 128, 5, [1, 2]),
    subagent(2, [request(2, 64, 6, [1]), request(3.5, 70, 7, [1, 3])]),
    request(4, 192, 8, [1, 2, 4]),
  ]));
  const { arrival, said } = arrivals(newer);
  expect(arrival).toEqual([0, 2, 3.5, 4]);
  expect(said).toContain("none is before its subagent began; --option subagents=relative");
  expect(arrivals(newer, { subagents: "relative" }).arrival).toEqual([0, 4, 4, 5.5]);
});

test("one time below its subagent's start shows that all of the file count from there", () => {
  const older = lines(
    // Alone, this conversation could be read both ways.
    conversation("a", [request(0, 9, 5, []), subagent(2, [request(3, 9, 6, [])])]),
    conversation("b", [request(0, 9, 5, []), subagent(2, [request(0, 9, 6, [])])]),
  );
  const { arrival, said } = arrivals(older);
  expect(arrival).toEqual([0, 0, 2, 5]);
  expect(said).toContain("count from its start: some are below it");
  expect(() => arrivals(older, { subagents: "absolute" })).toThrow(
    "w.jsonl, row 2, field requests.1.requests.0.t: got 0, expected a time from 2",
  );
});

test("a subagent within a subagent is on the same clock", () => {
  const deep = (inner: unknown[]) => lines(conversation("c", [request(0, 9, 5, []), ...inner]));
  const newer = deep([subagent(2, [subagent(3, [request(4, 9, 6, [])])])]);
  expect(arrivals(newer).arrival).toEqual([0, 4]);
  const older = deep([subagent(2, [subagent(3, [request(0, 9, 6, [])])])]);
  expect(arrivals(older).arrival).toEqual([0, 5]);
});

test("subagents share blocks with their conversation as its scope says", () => {
  const blocks = (more: object) => {
    const text = lines(conversation("c", [
      request(0, 128, 5, [1, 2]),
      subagent(2, [request(2, 128, 6, [1, 3])]),
      subagent(3, [request(3, 128, 6, [1, 3])]),
    ], more));
    const { workload, report } = readWhole(weka, text, "w");
    return {
      values: [...workload.requests.promptBlocks!.values],
      said: report.assumptions.join(),
    };
  };
  expect(blocks({ hash_id_scope: "local" }).values).toEqual([0, 1, 0, 2, 0, 2]);
  expect(blocks({ hash_id_scope: "per_context" }).values).toEqual([0, 1, 2, 3, 4, 5]);
  const { values, said } = blocks({});
  expect(values).toEqual([0, 1, 2, 3, 4, 5]);
  expect(said).toContain("the file has no hash_id_scope that says otherwise");
  expect(() => blocks({ hash_id_scope: "other" })).toThrow("field hash_id_scope");
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

test("times of the recorded server are left out, and that is said", () => {
  const text = lines(conversation("c", [{ ...request(0, 10, 5, []), api_time: 1.5, ttft: 0.5 }]));
  expect(arrivals(text).said).toContain("left out: ttft, api_time of the server");
});
