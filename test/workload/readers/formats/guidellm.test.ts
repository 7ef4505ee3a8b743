import { expect, test } from "vitest";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";

const T = 1_764_000_000;

/** A request as versions 0.2 and 0.3 write it. */
const early = (prompt: number, output: number, at: number) => ({
  type_: "generative_text_response",
  request_id: `r${at}`,
  scheduler_info: { targeted_start_time: T + at, requested: true },
  prompt: "…",
  output: "…",
  prompt_tokens: prompt,
  output_tokens: output,
  start_time: T + at + 0.125,
  first_token_time: T + at + 0.5,
  last_token_time: T + at + 1.5,
  end_time: T + at + 2,
});

/** The same as versions from 0.4 on write it. */
const late = (prompt: number, output: number, at: number) => ({
  type_: "generative_request_stats",
  request_id: `r${at}`,
  info: {
    conversation_id: "c",
    status: "completed",
    timings: {
      targeted_start: T + at,
      request_start: T + at + 0.125,
      first_token_iteration: T + at + 0.5,
      last_token_iteration: T + at + 1.5,
      request_end: T + at + 2,
      resolve_end: T + at + 2.5,
    },
  },
  input_metrics: { text_tokens: prompt, total_tokens: prompt },
  output_metrics: { text_tokens: output, total_tokens: output },
});

const report = (make: typeof early | typeof late, more: object[] = []) => ({
  benchmarks: [
    {
      type_: "generative_benchmark",
      requests: {
        successful: [make(100, 10, 4), make(50, 5, 1)],
        errored: [{ ...make(9, 0, 2), error: "boom" }],
        incomplete: [{ ...make(8, 3, 6), first_token_time: null }],
      },
    },
    ...more,
  ],
});

test.each([["0.2 and 0.3", early], ["0.4 and later", late]] as const)(
  "a report of version %s: arrivals by schedule, three ends",
  async (_version, make) => {
    const trace = await readTrace(JSON.stringify(report(make)), { source: "g.json" });
    const { workload: { requests, truth }, measured, unserved, report: rows } = trace;
    expect([...requests.arrival]).toEqual([0, 3]);
    expect([...requests.promptTokens]).toEqual([50, 100]);
    expect([...truth.outputTokens]).toEqual([5, 10]);
    expect([...measured!.sent!]).toEqual([0.125, 3.125]);
    expect([...measured!.firstToken!]).toEqual([0.5, 3.5]);
    expect([...measured!.finish!]).toEqual([2, 5]);
    const { codes, names } = unserved!.status;
    expect(Array.from(codes, (code) => names[code])).toEqual(["failed", "cancelled"]);
    expect(rows).toMatchObject({ format: "guidellm", rowsRead: 4, rowsKept: 2 });
    expect(requests.session?.names).toEqual(make === late ? ["c"] : undefined);
  },
);

test("of a sweep one benchmark is read and the others are counted", async () => {
  const other = { requests: { successful: [early(7, 7, 0), early(8, 8, 1), early(9, 9, 2)] } };
  const text = JSON.stringify(report(early, [other]));
  const first = await readTrace(text);
  expect(first.report.assumptions).toContain("benchmark 0 of 2 in the file, from 0");
  expect(first.report.setAside).toContainEqual({
    reason: "requests of other benchmarks in the file",
    rows: 3,
  });
  const second = await readTrace(text, { benchmark: 1 });
  expect([...second.workload.requests.promptTokens]).toEqual([7, 8, 9]);
  await expect(readTrace(text, { benchmark: 2 })).rejects.toThrow("field benchmark: got 2");
});

test("a request that is not what it should be is refused by its path", async () => {
  const successful = [early(100, 10, 4), { ...early(50, 5, 1), prompt_tokens: 1e309, end_time: 0 }];
  const bad = { benchmarks: [{ type_: "generative_benchmark", requests: { successful } }] };
  const text = JSON.stringify(bad).replace('"prompt_tokens":null', '"prompt_tokens":1e309');
  await expect(readTrace(text, { source: "g.json" })).rejects.toThrow(
    "g.json, field benchmarks.0.requests.successful.1.prompt_tokens: got Infinity",
  );
  const none = { benchmarks: [{ type_: "generative_benchmark", metrics: {} }] };
  await expect(readTrace(JSON.stringify(none))).rejects.toThrow("only the metrics");
});

test.each([0, null])(
  "an errored request whose time is %j never moves the others",
  async (start) => {
    const errored = [{ ...early(9, 0, 2), scheduler_info: {}, start_time: start, end_time: start }];
    const benchmark = {
      type_: "generative_benchmark",
      requests: { successful: [early(100, 10, 4), early(50, 5, 5)], errored },
    };
    const trace = await readTrace(JSON.stringify({ benchmarks: [benchmark] }));
    expect([...trace.workload.requests.arrival]).toEqual([0, 1]);
    expect(trace.unserved).toBeUndefined();
    expect(trace.report.setAside).toEqual([{ reason: "errored requests", rows: 1 }]);
    expect(trace.report.assumptions.join())
      .toContain("1 requests without an answer have no usable time");
  },
);

const wrong = (more: object) =>
  readTrace(
    JSON.stringify({
      benchmarks: [{
        type_: "generative_benchmark",
        requests: { successful: [early(100, 10, 4), { ...early(50, 5, 1), ...more }] },
      }],
    }),
    { source: "g.json" },
  );

test("times out of order, or none of an answered request, are refused by path", async () => {
  await expect(wrong({ first_token_time: T + 1 })).rejects.toThrow(
    `g.json, field benchmarks.0.requests.successful.1.first_token_time: got ${
      T + 1
    }, expected at ` +
      `least start_time, ${T + 1.125} s`,
  );
  await expect(wrong({ end_time: T + 1.25 })).rejects.toThrow("successful.1.end_time: got");
  await expect(wrong({ start_time: 0, scheduler_info: {} })).rejects.toThrow(
    "successful.1.start_time: got undefined, expected when the request was sent",
  );
});

test("an answer whose first token has no time was not streamed: it is unknown", async () => {
  const trace = await wrong({ first_token_time: 0 });
  expect([...trace.measured!.firstToken!]).toEqual([NaN, 3.5]);
});

test("the benchmarks of a sweep are told", async () => {
  const strategy = { type_: "constant", rate: 4 };
  const other = { config: { strategy }, requests: { successful: [early(7, 7, 0)] } };
  const { assumptions } = (await readTrace(JSON.stringify(report(early, [other])))).report;
  expect(assumptions).toContain(
    "benchmarks in the file, of which the option benchmark picks one: 0 (4 requests), 1 (constant, " +
      "4 a second, 1 requests)",
  );
});
