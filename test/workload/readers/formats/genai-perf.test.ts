import { expect, test } from "vitest";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

const text = await Deno.readTextFile(
  new URL("../../../fixtures/traces/genai-perf-profile-export.json", import.meta.url),
);
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);
const rounded = (times: Float64Array) => [...times].map((time) => Number(time.toFixed(6)));
/** One token a letter. */
const counter = () => Promise.resolve({ name: "letters", count: (text: string) => text.length });

test("texts are counted, and the first token is the first response with any", async () => {
  const { workload, measured, report } = await readTrace(text, { tokenCounter: counter });
  expect(report).toMatchObject({ format: "genai-perf", rowsRead: 6, rowsKept: 3 });
  const { requests, truth } = workload;
  // The failed one, a second before, does not set time 0.
  expect(rounded(requests.arrival)).toEqual([0, 0.5, 2]);
  // Not the role at 10 ms; reasoning is a token; an answer in one piece has no first one.
  expect(rounded(measured!.firstToken!)).toEqual([0.1, 0.55, NaN]);
  // The last with text: not the ends of streams; a divided event counts where it begins.
  expect(rounded(measured!.finish!)).toEqual([0.12, 0.56, 2.3]);
  // "one two three", "four", and the server's own count.
  expect([...requests.promptTokens]).toEqual([13, 4, 12]);
  // "Hello you", "hmllo".
  expect([...truth.outputTokens]).toEqual([9, 5, 7]);
  expect(report.assumptions.join()).toContain(
    "the first token is unknown of 1 answers that came in one",
  );
  expect(namesOf(requests.session!)).toEqual(["s1", "s1", ""]);
  expect(report.setAside).toEqual([
    { reason: "requests of other experiments in the file", rows: 1 },
    { reason: "failed requests", rows: 1 },
    { reason: "requests without an answer", rows: 1 },
  ]);
  expect(report.assumptions).toEqual(expect.arrayContaining([
    "experiment 0 of 2 in the file, from 0",
    "experiments in the file, of which the option experiment picks one: " +
    "0 (concurrency 2, 5 requests), 1 (request_rate 1.5, 1 requests)",
    "lengths of 1 requests are those of the server's usage",
    "prompts of 2 requests: counted with letters, without a chat template",
    "answers of 2 requests: counted with letters",
  ]));
});

test("another experiment is read by its place, which must be in the file", async () => {
  const options = { tokenCounter: counter, source: "x" };
  const { workload } = await readTrace(text, { ...options, experiment: 1 });
  expect([...workload.requests.promptTokens]).toEqual([3]);
  expect([...workload.truth.outputTokens]).toEqual([1]);
  await expect(readTrace(text, { ...options, experiment: 2 })).rejects.toThrow(
    "x, field experiment: got 2, expected an index below 2, the number of experiments in the file",
  );
});

const profile = (requests: object[]) =>
  JSON.stringify({ service_kind: "triton", endpoint: "", experiments: [{ requests }] });

test("records of Triton's clients: texts, or ids of tokens", async () => {
  const of = async (request_inputs: object, response_outputs: object[]) => {
    const row = {
      timestamp: 1_000_000,
      request_inputs,
      response_timestamps: [3_000_000, 5_000_000],
      response_outputs,
    };
    const { workload, measured } = await readTrace(profile([row]), { tokenCounter: counter });
    return [
      workload.requests.promptTokens[0],
      workload.truth.outputTokens[0],
      ...rounded(measured!.firstToken!),
      ...rounded(measured!.finish!),
    ];
  };
  expect(await of({ text_input: "This is" }, [{ text_output: "I" }, { text_output: " do" }]))
    .toEqual([7, 4, 0.002, 0.004]);
  expect(await of({ input_ids: [1, 2, 3] }, [{ output_ids: [4, 5] }, { output_ids: 6 }]))
    .toEqual([3, 3, 0.002, 0.004]);
});

test("payloads and answers in a form of one's own are counted as they are, which is said", async () => {
  const { workload, measured, report } = await readTrace(
    profile([{
      timestamp: 1759813207532900363,
      request_inputs: { payload: '{"ask":1}' },
      response_timestamps: [1759813207632900363, 1759813207732900363],
      response_outputs: [{ response: 'data: {"say":"a"}' }, { response: 'data: {"say":"b"}' }],
    }]),
    { tokenCounter: counter },
  );
  expect([...workload.requests.promptTokens]).toEqual([9]);
  expect([...workload.truth.outputTokens]).toEqual([2]);
  expect(measured!.firstToken![0]).toBeCloseTo(0.1, 6);
  expect(report.assumptions.join()).toContain("of 1 prompts the whole payload");
  expect(report.assumptions.join()).toContain(
    "answers of 1 requests: as many tokens as responses,",
  );
});

test("what cannot be read is refused with its place", async () => {
  const row = (more: object) =>
    profile([{
      timestamp: 2_000_000,
      request_inputs: { payload: '{"prompt": "a"}' },
      response_timestamps: [3_000_000],
      response_outputs: [{ response: '{"choices": [{"text": "b"}]}' }],
      ...more,
    }]);
  const read = (more: object) => readTrace(row(more), { source: "x", tokenCounter: counter });
  await expect(read({ response_timestamps: [] })).rejects.toThrow(
    'x, field experiments.0.requests.0.response_timestamps: got "0 times", expected 1 times',
  );
  await expect(read({ response_timestamps: [5] })).rejects.toThrow(
    "x, field experiments.0.requests.0.response_timestamps: got -0.001",
  );
  await expect(read({ response_outputs: [{ response: 'data: {"cho' }] })).rejects.toThrow(
    "x, field experiments.0.requests.0.response_outputs.0.response: got",
  );
  await expect(read({ request_inputs: {} })).rejects.toThrow(
    "field experiments.0.requests.0.request_inputs.payload: got undefined, expected a text: JSON with",
  );
});
