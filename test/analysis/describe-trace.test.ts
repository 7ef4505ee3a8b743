import { expect, test } from "vitest";
import { describeTrace, type TraceDescription } from "../../src/analysis/describe-trace.ts";
import { traceText } from "../../src/analysis/trace-text.ts";
import { openTrace, type OpenTraceOptions } from "../../src/files/open-trace.ts";
import { DATA_FOLDER } from "../../src/files/read-bundled.ts";
import { mean, quantileSorted } from "../../src/statistics/quantile.ts";
import type { ReadReport } from "../../src/workload/readers/read-report.ts";
import { type ReadTrace, UNSERVED_STATUSES } from "../../src/workload/readers/trace-format.ts";
import { handWorkload } from "../support/workloads.ts";
import { labelShares } from "../../src/workload/statistics/label-shares.ts";

const describe = async (file: string, options: OpenTraceOptions = {}) =>
  describeTrace(await openTrace(new URL(file, DATA_FOLDER), options));

interface Row {
  readonly file: string;
  readonly options?: OpenTraceOptions;
  readonly rows: number;
  readonly span_s: number;
  readonly rate: number;
  readonly gap_cv?: number;
  /** Index of dispersion at 1, 10 and 60 s; NaN where the notes have none. */
  readonly idc: readonly [number, number, number];
  /** Mean, median, 90 % and 99 % quantile. */
  readonly prompt: readonly number[];
  readonly output: readonly number[];
  readonly correlation: number;
}

/** Source: notes on the traces, section 1, table of rates and burstiness, and the line below it. */
const TABLE: readonly Row[] = [
  {
    file: "azure_llm_2023/AzureLLMInferenceTrace_code.csv.gz",
    rows: 8819,
    span_s: 3436,
    rate: 2.57,
    gap_cv: 13.2,
    idc: [13.2, 71, 161],
    prompt: [2048, 1469, 5188, 7436],
    output: [27.9, 13, 55, 251],
    correlation: 0,
  },
  {
    file: "azure_llm_2023/AzureLLMInferenceTrace_conv.csv.gz",
    rows: 19_366,
    span_s: 3502,
    rate: 5.53,
    gap_cv: 1.09,
    idc: [1.4, 4.0, 20.6],
    prompt: [1155, 1020, 2735, 4142],
    output: [211, 129, 424, 601],
    correlation: 0.09,
  },
  {
    // The notes count the batches as they were logged.
    file: "mooncake/conversation_trace.jsonl.gz",
    options: { spread: "none" },
    rows: 12_031,
    span_s: 3537,
    rate: 3.4,
    idc: [NaN, 2.1, 2.9],
    prompt: [12_035, 6909, 27_367, 85_400],
    output: [343, 350, 597, 1119],
    correlation: 0.05,
  },
  {
    file: "ragpulse/0_trace.jsonl.gz",
    rows: 7106,
    span_s: 7 * 86_400,
    rate: 0.0118,
    gap_cv: 3.06,
    idc: [1.0, 1.1, 1.7],
    prompt: [2944, 3140, 3959, 5438],
    output: [283, 234, 563, 891],
    correlation: 0.49,
  },
  {
    file: "vtc_arena/vtc_real_trace_27clients.csv",
    rows: 1500,
    span_s: 600,
    rate: 2.5,
    gap_cv: 1.1,
    idc: [1.4, 2.5, NaN],
    prompt: [136, 40, 432, 902],
    output: [256, 211, 513, 785],
    correlation: 0.28,
  },
  {
    file: "burstgpt/BurstGPT_1_first999.csv",
    rows: 888,
    span_s: 49_312,
    rate: 0.018,
    gap_cv: 5.2,
    idc: [1.0, 1.3, 3.0],
    prompt: [589, 382, 1525, 1969],
    output: [293, 254, 569, 1335],
    correlation: 0.3,
  },
  {
    file: "lmsys_lengths/lmsys_1024_llama_tokenizer_lengths.csv",
    rows: 1024,
    span_s: 0,
    rate: NaN,
    idc: [NaN, NaN, NaN],
    prompt: [62, 17, 177, 586],
    output: [162, 117, 389, 533],
    correlation: 0.1,
  },
];

/** Equal as the notes round: to half a unit of the third digit of small numbers, 3 % at most. */
function near(found: number, noted: number, what: string): void {
  if (Number.isNaN(noted)) return;
  const off = Math.abs(found - noted);
  expect(off, `${what}: ${found}, noted ${noted}`).toBeLessThanOrEqual(
    Math.max(0.006, Math.min(0.5, 0.03 * Math.abs(noted))),
  );
}

test.each(TABLE)("$file has the statistics of the notes", async (row) => {
  const { statistics: found } = await describe(row.file, row.options);
  expect(found.requests).toBe(row.rows);
  near(found.span_s / 1000, row.span_s / 1000, "span");
  near(found.rate, row.rate, "rate");
  near(found.gap_cv, row.gap_cv ?? NaN, "CV");
  near(found.idc_1s, row.idc[0], "IDC 1 s");
  near(found.idc_10s, row.idc[1], "IDC 10 s");
  near(found.idc_60s, row.idc[2], "IDC 60 s");
  for (
    const [lengths, noted] of [[found.prompt_tokens, row.prompt], [
      found.output_tokens,
      row.output,
    ]] as const
  ) {
    const { mean, p50, p90, p99 } = lengths;
    [mean, p50, p90, p99].forEach((value, i) => near(value, noted[i], `length ${i}`));
  }
  near(found.log_correlation, row.correlation, "correlation");
});

/** Rows of the notes that count failed requests among the others, with 0 tokens. */
test.each([
  {
    file: "burstgpt/BurstGPT_1_first999.csv",
    all: { requests: 999, span_s: 49_312, rate: 0.0202, gap_cv: 5.5, idc_60s: 3.3 },
    prompt: [523, 272, 1477, 1960],
    output: [260, 214, 556, 1266],
  },
  {
    file: "burstgpt/BurstGPT_3_first400.csv",
    all: { requests: 400, span_s: 41_453, rate: 0.0096, gap_cv: 2.9, idc_60s: NaN },
    prompt: [617, 309, 1134, 5929],
    output: [171, 101, 422, 862],
  },
])(
  "all requests of $file, failed ones too, are those of the notes",
  async ({ file, all, ...noted }) => {
    const trace = await openTrace(new URL(file, DATA_FOLDER));
    const { unserved, statistics } = describeTrace(trace);
    expect(statistics.requests + unserved!.requests).toBe(all.requests);
    for (const [name, value] of Object.entries(all)) {
      near(unserved!.all_arrivals[name as keyof typeof all], value, name);
    }
    const lengths = (tokens: Int32Array) => {
      const sorted = Int32Array.of(...tokens, ...new Int32Array(unserved!.requests)).sort();
      return [mean(sorted), ...[0.5, 0.9, 0.99].map((p) => quantileSorted(sorted, p))];
    };
    lengths(trace.workload.requests.promptTokens).forEach((n, i) =>
      near(n, noted.prompt[i], `prompt ${i}`)
    );
    lengths(trace.workload.truth.outputTokens).forEach((n, i) =>
      near(n, noted.output[i], `output ${i}`)
    );
  },
);

test("the three largest of the arena's 27 clients send half", async () => {
  const { tenants } = (await describe("vtc_arena/vtc_real_trace_27clients.csv")).statistics;
  expect(tenants.length).toBe(27);
  expect(tenants.slice(0, 6).map(({ share }) => Math.round(1500 * share)))
    .toEqual([296, 262, 199, 120, 67, 66]);
});

test("RAGPulse has 3,990 sessions, the longest of 25 requests", async () => {
  expect((await describe("ragpulse/0_trace.jsonl.gz")).sessions)
    .toEqual({ count: 3990, most_requests: 25 });
});

test("what was measured is described: the L4's times are those of the notes", async () => {
  const description = await describe(
    "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv",
  );
  const { ttft_s, tpot_s, e2e_s } = description.measured!;
  // Source: notes on the traces, section 4.3.
  expect(1000 * ttft_s!.p50).toBeCloseTo(72.8, 1);
  expect(1000 * ttft_s!.p99).toBeCloseTo(194.7, 1);
  expect(1000 * tpot_s!.p50).toBeCloseTo(23.02, 2);
  expect(1000 * tpot_s!.p99).toBeCloseTo(27.49, 2);
  expect(1000 * e2e_s!.mean).toBeCloseTo(5951, 0);
  expect(1000 * e2e_s!.p99).toBeCloseTo(22_505, -1);
  const text = traceText(description);
  expect(text).toContain("TPOT          mean 0.02309, p50 0.02302");
  expect(text).toContain("index of dispersion 1.269 (1 s) 3.587 (10 s) – (60 s)");
});

test("shares are of names that occur, the largest first, the rest summed up", async () => {
  expect(labelShares({ codes: Uint8Array.of(2, 0, 2, 2), names: ["a", "b", "c"] }))
    .toEqual([{ name: "c", share: 0.75 }, { name: "a", share: 0.25 }]);
  expect(traceText(await describe("vtc_arena/vtc_real_trace_27clients.csv"))).toContain(
    "21 others 32.7 %",
  );
});

/** Four requests as a source measured them; NaN where it does not know. */
function measuredTrace(): ReadTrace {
  const workload = handWorkload({ arrival: [0, 1, 2, 3], outputTokens: [5, 1, 0, 3] });
  return {
    workload,
    measured: {
      sent: Float64Array.of(1, 1, 2, 4),
      firstToken: Float64Array.of(2, 3, 5, NaN),
      finish: Float64Array.of(6, 3, 5.5, 9),
    },
    report: { source: "by hand" } as ReadReport,
  };
}

/** With a report that can be printed. */
function full(description: TraceDescription): TraceDescription {
  const report: ReadReport = {
    ...{ source: "by hand", format: "none", rowsRead: 4, rowsKept: 4, rowsRefused: 0 },
    ...{ setAside: [], blankLines: 0, problems: [], problemCount: 0 },
    ...{ columnsIgnored: [], assumptions: [] },
  };
  return { ...description, report };
}

test("times count from sending; what is not known is left out", () => {
  const { ttft_s, e2e_s, tpot_s } = describeTrace(measuredTrace()).measured!;
  // 1, 2, 3 s; 5, 2, 3.5, 5 s.
  expect(ttft_s).toMatchObject({ mean: 2, p50: 2, max: 3 });
  expect(e2e_s).toMatchObject({ mean: 3.875, p50: 4.25, max: 5 });
  // Answers of one token or none have no token after the first: 4 s over 4 tokens is left.
  expect(tpot_s).toEqual({ mean: 1, p50: 1, p90: 1, p99: 1, max: 1 });
});

test("both origins are told where both are known, and one line is enough where they agree", () => {
  const description = describeTrace(measuredTrace());
  const { ttft_from_send_s, ttft_from_arrival_s, e2e_from_arrival_s } = description.measured!;
  // From send 1, 2, 3 s; the first was sent 1 s after it had arrived, the last never began.
  expect(ttft_from_send_s).toMatchObject({ mean: 2, p50: 2, max: 3 });
  expect(ttft_from_arrival_s).toMatchObject({ mean: 7 / 3, p50: 2, max: 3 });
  // 6, 2, 3.5, 6 s.
  expect(e2e_from_arrival_s).toMatchObject({ mean: 4.375, max: 6 });
  const titles = (text: string) => text.match(/^(TTFT|E2E) from \w+/gm);
  expect(titles(traceText(full(description)))).toEqual([
    ...["TTFT from send", "TTFT from arrival", "E2E from send", "E2E from arrival"],
  ]);
  const { workload, measured, report } = measuredTrace();
  const { firstToken, finish } = measured!;
  const at = (sent?: Float64Array) =>
    titles(traceText(
      full(describeTrace({ workload, measured: { sent, firstToken, finish }, report })),
    ));
  expect(at(workload.requests.arrival)).toEqual(["TTFT from send", "E2E from send"]);
  expect(at()).toEqual(["TTFT from arrival", "E2E from arrival"]);
});

test("without times of sending they count from arrival; without measurements there is nothing", () => {
  const { workload, measured, report } = measuredTrace();
  const { firstToken, finish } = measured!;
  const unsent = describeTrace({ workload, measured: { firstToken, finish }, report });
  expect(unsent.measured!.ttft_s).toMatchObject({ mean: (2 + 2 + 3) / 3, max: 3 });
  const plain = describeTrace({ workload, report });
  expect(plain.measured).toBeUndefined();
  expect([plain.models, plain.sessions, plain.unserved]).toEqual([undefined, undefined, undefined]);
});

test("sessions count those with a name; who got no answer is described apart", () => {
  const { workload, report } = measuredTrace();
  const session = { codes: Uint8Array.of(0, 2, 2, 1), names: ["", "a", "b", "unused"] };
  const failed = handWorkload({ arrival: [0.5, 1.5] }).requests;
  const { sessions, unserved, statistics } = describeTrace({
    workload: { ...workload, requests: { ...workload.requests, session } },
    unserved: {
      requests: failed,
      status: { codes: Uint8Array.of(0, 2), names: UNSERVED_STATUSES },
    },
    report,
  });
  expect(sessions).toEqual({ count: 2, most_requests: 2 });
  expect(statistics.requests).toBe(4);
  expect(unserved).toMatchObject({
    requests: 2,
    status: [{ name: "cancelled", share: 0.5 }, { name: "failed", share: 0.5 }],
    // Six arrivals in 3 s: five gaps.
    all_arrivals: { requests: 6, rate: 5 / 3 },
  });
});
