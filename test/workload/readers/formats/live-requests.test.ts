import { expect, test } from "vitest";
import { readBundled } from "../../../../src/files/read-bundled.ts";
import { quantileSorted } from "../../../../src/statistics/quantile.ts";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";

const HEADER = "request,status,reason,message,server,attempts,failures,arrival,late,http_status," +
  "finish_reason,sent,headers,first_token,last_token,ended,prompt_tokens,completion_tokens," +
  "cached_tokens,server_ttft,server_queue,server_decode,estimated_tokens";
const row = (request: number, cells: Readonly<Record<string, string | number>> = {}) => {
  const usual: Record<string, string | number> = {
    ...{ request, status: "completed", server: 0, attempts: 1, failures: 0, arrival: request },
    ...{ late: 0, http_status: 200, sent: request + 0.5, headers: request + 0.6 },
    ...{ first_token: request + 0.75, last_token: request + 2, ended: request + 2.25 },
    ...{ prompt_tokens: 20, completion_tokens: 8, cached_tokens: 16 },
    ...{ server_ttft: 0.125, server_queue: 0.0625, server_decode: 1.25 },
    ...cells,
  };
  return HEADER.split(",").map((name) => usual[name] ?? "").join(",");
};
const read = (...rows: readonly string[]) =>
  readTrace([HEADER, ...rows].join("\n"), { source: "requests.csv" });

test("a live run is a trace on its own clock, with all that was measured", async () => {
  const { workload, measured, unserved, report } = await read(
    row(3),
    row(1, { status: "failed", first_token: "", last_token: "", ended: 4 }),
    row(2, { last_token: "" }),
    row(4, { status: "", sent: "", first_token: "", last_token: "", ended: "" }),
  );
  expect(report).toMatchObject({ format: "live-requests", rowsRead: 4, rowsKept: 2 });
  expect([...workload.requests.arrival]).toEqual([2, 3]);
  expect([...workload.requests.promptTokens]).toEqual([20, 20]);
  expect([...workload.truth.outputTokens]).toEqual([8, 8]);
  expect([...measured!.sent!]).toEqual([2.5, 3.5]);
  expect([...measured!.firstToken!]).toEqual([2.75, 3.75]);
  // Without a last token the exchange's end is the finish.
  expect([...measured!.finish!]).toEqual([4.25, 5]);
  expect([...measured!.cachedTokens!]).toEqual([16, 16]);
  expect(Object.keys(measured!.durations!))
    .toEqual(["server_queue", "server_ttft", "server_generation"]);
  const { codes, names } = unserved!.status;
  expect(Array.from(codes, (code) => names[code])).toEqual(["failed", "cancelled"]);
  expect([...unserved!.requests.arrival]).toEqual([1, 4]);
});

test("answers without a count have as many tokens as events, and what nobody counted is set aside", async () => {
  const { workload, report } = await read(
    row(0, { completion_tokens: "", estimated_tokens: 5 }),
    row(1, { completion_tokens: "" }),
    row(2, { prompt_tokens: "" }),
  );
  expect([...workload.truth.outputTokens]).toEqual([5]);
  expect(report.assumptions.join()).toContain(
    "answers of 1 requests have as many tokens as events",
  );
  expect(report.setAside).toEqual([
    { reason: "completed requests whose answer nobody counted", rows: 1 },
    { reason: "completed requests whose prompt the server did not count", rows: 1 },
  ]);
});

test("rows that cannot be are refused by row and column", async () => {
  await expect(read(row(0, { first_token: 0.25 }))).rejects.toThrow(
    "requests.csv, row 2, field first_token: got 0.25, expected at least sent, 0.5 s",
  );
  await expect(read(row(0, { completion_tokens: 3_000_000_000 }))).rejects.toThrow(
    "requests.csv, row 2, field completion_tokens: got 3000000000, expected tokens",
  );
  await expect(read(row(0, { status: "gone" }))).rejects.toThrow('field status: got "gone"');
  await expect(read(row(0, { arrival: "" }))).rejects.toThrow("field arrival: got");
  await expect(read(row(0, { status: "failed", prompt_tokens: 9_999_999_999 }))).rejects.toThrow(
    "field prompt_tokens: got 9999999999",
  );
});

test("the bundled live run has the latencies of its README", async () => {
  const { workload, measured, report } = await readTrace(
    await readBundled("vllm_cpu_live/fifo.window16.requests.csv.gz"),
  );
  expect(report).toMatchObject({ format: "live-requests", rowsKept: 300, rowsRefused: 0 });
  const e2e = measured!.finish!.map((at, i) => at - workload.requests.arrival[i]).sort();
  // By hand from the column e2e of the file.
  expect(quantileSorted(e2e, 0.5)).toBeCloseTo(8.4824, 3);
});

test.each([
  ["arrival", { arrival: "-1e309" }],
  ["last_token", { last_token: "1e309" }],
  ["server_queue", { server_queue: "-1e309" }],
])(
  "a %s that no number can hold is refused, of requests without an answer too",
  async (field, cells) => {
    for (const status of ["completed", "failed"]) {
      await expect(read(row(1), row(2, { ...cells, status }))).rejects.toThrow(
        new RegExp(`requests.csv, row 3, field ${field}: got -?Infinity, expected a finite number`),
      );
    }
  },
);

test("an arrival before the run began is refused", async () => {
  await expect(read(row(1), row(2, { arrival: -1 }))).rejects.toThrow(
    "requests.csv, row 3, field arrival: got -1, expected a number of seconds from 0",
  );
});
