import { expect, test } from "vitest";
import { readRecordedRequests, readRunDescription } from "../../src/fidelity/recorded-run.ts";
import { simulateRecording } from "../../src/fidelity/simulate-recording.ts";
import { serverOf } from "../../src/servers/server.ts";
import type { StepCost } from "../../src/servers/costs/step-cost.ts";

const HEADER = "id,arrival_s,prompt_tokens,output_tokens,priority,tier,first_token_s,finished_s";
const SERVER = { max_model_len: 1024, num_gpu_blocks: 200, max_num_seqs: 4 };

test("requests are put in order of arrival, equal ones by id as numbers", () => {
  const text = `${HEADER}\n10,0,5,2,0,1,1,2\n9,0,5,2,0,0,1,2\n1,0.5,5,2,7,2,1,2\n`;
  const { requests } = readRecordedRequests(text, "x.csv");
  expect(requests.id).toEqual(["9", "10", "1"]);
  expect(Array.from(requests.tier)).toEqual([0, 1, 2]);
  expect(Array.from(requests.priority)).toEqual([0, 0, 7]);
});

test("a row whose times run backwards, or with a bad cell, is refused by row and field", () => {
  const rows = `${HEADER}\n1,0,5,2,0,0,3,2\n2,0,5,none,0,0,1,2\n3,0,5,2,0,0,1,2\n`;
  expect(() => readRecordedRequests(rows, "x.csv")).toThrow(
    /row 2, field finished_s: got 2[^]*row 3, field output_tokens: got "none"/,
  );
});

test("a CPU server schedules synchronously unless its flags say otherwise", () => {
  const read = (extra: object, vllm?: string) =>
    readRunDescription(JSON.stringify({ vllm, server: { ...SERVER, ...extra } }), "x.json");
  expect(read({}, "0.30.0 (CPU)").server.async_scheduling).toBe(false);
  expect(read({}, "0.30.0").server.async_scheduling).toBe(true);
  expect(read({ async_scheduling: true }, "0.30.0 (CPU)").server.async_scheduling).toBe(true);
});

test("flags that decide nothing are passed over; without prompts prefix caching is off unless said", () => {
  const read = (extra: object) => () =>
    readRunDescription(JSON.stringify({ server: { ...SERVER, ...extra } }), "x.json");
  expect(read({ dtype: "bfloat16", enable_prefix_caching: false })().server.max_num_seqs).toBe(4);
  expect(read({})().server.enable_prefix_caching).toBe(false);
  expect(read({ enable_prefix_caching: true })().server.enable_prefix_caching).toBe(true);
});

test("unknown flags and queues are refused by name", () => {
  const read = (value: unknown) => () => readRunDescription(JSON.stringify(value), "x.json");
  expect(read({ server: { ...SERVER, max_seqs: 3 } })).toThrow(/field server\.max_seqs/);
  expect(read({ server: SERVER, client: { in_flight_window: 4, order: "lifo" } })).toThrow(
    /field client\.order/,
  );
  expect(() => readRunDescription("{", "x.json")).toThrow(/x\.json: expected JSON/);
});

/** Every step takes a second, whatever it holds. */
const SECOND: StepCost = {
  name: "second",
  base: new Float64Array(9).fill(1),
  perContextToken: new Float64Array(9),
  perPrefillToken: 0,
  perRequest: 0,
  source: "test",
};

test("a client's window hands over as it opens: who comes to an open window goes first", () => {
  const rows = [3, 2, 1, 0].map((tier, id) => `${id},0,5,3,0,${tier},1,2`).join("\n");
  const { requests } = readRecordedRequests(`${HEADER}\n${rows}\n`, "x.csv");
  const { server: config } = readRunDescription(
    JSON.stringify({ vllm: "CPU", server: SERVER }),
    "x",
  );
  const run = (order: string) =>
    simulateRecording(requests, serverOf({ config, cost: SECOND }), { in_flight_window: 1, order });
  // Three steps each: the prompt's, which yields the first token, and two more.
  expect(Array.from(run("fifo").finish)).toEqual([3, 6, 9, 12]);
  // Request 0 found the window open; then the most urgent tier.
  expect(Array.from(run("priority").finish)).toEqual([3, 12, 9, 6]);
  expect(Array.from(run("priority").submitted)).toEqual([0, 9, 6, 3]);
});

test("a client's queue goes by the recorded priorities, and without any by tier or by length", () => {
  const { server: config } = readRunDescription(
    JSON.stringify({ vllm: "CPU", server: SERVER }),
    "x",
  );
  const finishes = (order: string, rows: string[]) => {
    const { requests } = readRecordedRequests(`${HEADER}\n${rows.join("\n")}\n`, "x.csv");
    const client = { in_flight_window: 1, order };
    return Array.from(
      simulateRecording(requests, serverOf({ config, cost: SECOND }), client).finish,
    );
  };
  // id, arrival, prompt, output, priority, tier: request 0 finds the window open.
  const lengths = [3, 4, 2, 3];
  const rows = (priorities: number[]) =>
    lengths.map((output, id) => `${id},0,5,${output},${priorities[id]},${3 - id},1,2`);
  for (const order of ["sjf", "priority"]) {
    // 2 before 1 before 3, as the priorities say, neither by length nor by tier.
    expect(finishes(order, rows([7, 500, 7, 900])), order).toEqual([3, 9, 5, 12]);
  }
  // Nothing said: the shortest total, or the most urgent tier.
  expect(finishes("sjf", rows([0, 0, 0, 0]))).toEqual([3, 12, 5, 8]);
  expect(finishes("priority", rows([0, 0, 0, 0]))).toEqual([3, 12, 8, 6]);
});

test("a live run's requests.csv and a benchmark's result are recordings, too", () => {
  const live = readRecordedRequests(
    "request,status,attempts,arrival,sent,first_token,last_token,ended,prompt_tokens," +
      "completion_tokens,cached_tokens\n" +
      "1,completed,1,0.5,0.5,1,2,2,9,4,0\n0,completed,1,0,0.25,1,3,3,7,5,0\n",
    "requests.csv",
  ).requests;
  expect(live.id).toEqual(["0", "1"]);
  expect([...live.arrival]).toEqual([0, 0.5]);
  expect([...live.sent!]).toEqual([0.25, 0.5]);
  const bench = {
    ...{ completed: 2, request_throughput: 1, input_lens: [7, 9], output_lens: [2, 3] },
    ...{ start_times: [50, 51], ttfts: [0.5, 0.25], itls: [[0.5], [0.25, 0.25]] },
  };
  const { requests } = readRecordedRequests(JSON.stringify(bench), "b.json");
  expect([...requests.arrival]).toEqual([0, 1]);
  expect([...requests.firstToken]).toEqual([0.5, 1.25]);
  expect([...requests.finish]).toEqual([1, 1.75]);
  expect(requests.id).toEqual(["0", "1"]);
});

test("a trace without the times that are compared is refused, with how many it lacks", () => {
  const bench = {
    ...{ completed: 2, request_throughput: 1, input_lens: [7, 9], output_lens: [2, 3] },
    ...{ start_times: [50, 51], ttfts: [0.5, 0.25], itls: [[0.5], []] },
  };
  expect(() => readRecordedRequests(JSON.stringify(bench), "b.json")).toThrow(
    'b.json, field first token: got "unknown of 1 of 2 requests", expected the time of the first',
  );
  const lengths = { ...bench, ttfts: undefined, itls: undefined };
  expect(() => readRecordedRequests(JSON.stringify(lengths), "b.json")).toThrow(
    'field first token: got "unknown of 2 of 2 requests"',
  );
});
