import { expect, test } from "vitest";
import { LoggedRequests } from "../../../../src/workload/readers/parsing/logged-requests.ts";
import { ReadLog } from "../../../../src/workload/readers/read-log.ts";

function gather(rows: readonly Parameters<LoggedRequests["take"]>[0][], options = {}) {
  const log = new ReadLog("f", "test");
  const requests = new LoggedRequests({ log, lenient: true, options }, { name: "Test" });
  rows.forEach((row, at) => log.verdict(at + 1, requests.take(row)));
  return requests.finish();
}

test("columns that begin late, end early or have holes keep their rows", () => {
  const { workload, measured } = gather([
    { arrival: 10, promptTokens: 5, outputTokens: 2 },
    {
      arrival: 11,
      promptTokens: 6,
      outputTokens: 3,
      firstToken: 11.5,
      tenant: "a",
      extra: { lora: "x" },
    },
    { arrival: 13, promptTokens: 7, outputTokens: 4, sent: 13.1, extra: { hops: 2 } },
  ]);
  const { requests, truth } = workload;
  expect([...requests.arrival]).toEqual([0, 1, 3]);
  expect([...truth.outputTokens]).toEqual([2, 3, 4]);
  expect([...measured!.firstToken!]).toEqual([NaN, 1.5, NaN]);
  expect(measured!.sent![2]).toBeCloseTo(3.1, 12);
  expect([...requests.tenant.codes].map((code) => requests.tenant.names[code]))
    .toEqual(["default", "a", "default"]);
  const lora = requests.extra!.lora as { codes: Uint8Array; names: string[] };
  expect([...lora.codes].map((code) => lora.names[code])).toEqual(["", "x", ""]);
  expect([...requests.extra!.hops as Float64Array]).toEqual([NaN, NaN, 2]);
});

test("a request without an answer never sets the origin, and one without a time is placed nowhere", () => {
  const { workload, unserved, report } = gather([
    { arrival: 0, promptTokens: 5, outputTokens: 0 },
    { arrival: NaN, promptTokens: 5, status: "rejected" },
    { arrival: 1e6, promptTokens: 5, outputTokens: 2 },
    { arrival: 1e6 + 1, promptTokens: 5, outputTokens: 2 },
    { arrival: 1e6 + 0.5, promptTokens: 5, status: "cancelled" },
  ]);
  expect([...workload.requests.arrival]).toEqual([0, 1]);
  expect([...unserved!.requests.arrival]).toEqual([0.5]);
  expect(unserved!.status.names[unserved!.status.codes[0]]).toBe("cancelled");
  expect(report.setAside.reduce((sum, { rows }) => sum + rows, 0)).toBe(3);
  expect(report.assumptions).toContainEqual(expect.stringMatching(/^2 requests without an answer/));
});

test("a file without times gets arrivals by the options", () => {
  const rows = [{ promptTokens: 5, outputTokens: 2 }, { promptTokens: 6, outputTokens: 2 }];
  expect([...gather(rows).workload.requests.arrival]).toEqual([0, 0]);
  const { arrival } = gather(rows, { rate: 4, seed: 2 }).workload.requests;
  expect(arrival[1]).toBeGreaterThan(arrival[0]);
});

test("an answered row without a time is refused where others have one", () => {
  const { report } = gather([
    { arrival: 1, promptTokens: 5, outputTokens: 2 },
    { promptTokens: 5, outputTokens: 2 },
  ]);
  expect(report.rowsRefused).toBe(1);
});

test("lengths that cannot be, and instants out of order, are refused", () => {
  const bad = [
    { promptTokens: 0 },
    { outputTokens: 2 ** 31 },
    { outputTokens: 1.5 },
    { maxTokens: 1 },
    { cachedTokens: 6 },
    { firstToken: 3, finish: 2 },
  ];
  for (const each of bad) {
    const good = { arrival: 1, promptTokens: 5, outputTokens: 2 };
    expect(gather([good, { ...good, ...each }]).report.rowsRefused, JSON.stringify(each)).toBe(1);
  }
});

test("durations are kept where the file has no times, and texts and answers go with their rows", () => {
  const row = { promptTokens: 5, outputTokens: 2 };
  const { workload, measured } = gather([
    { ...row, durations: { ttft_s: 0.3 }, promptText: "a", blocks: [7, 8], blockTokens: [3, 2] },
    { ...row, promptText: "b", blocks: [7], blockTokens: [5], answerBlock: 9 },
  ]);
  expect(measured).toEqual({ durations: { ttft_s: Float64Array.of(0.3, NaN) } });
  const { promptText, promptBlocks } = workload.requests;
  expect([promptText!(0), promptText!(1)]).toEqual(["a", "b"]);
  expect(promptBlocks).toEqual({
    offsets: Int32Array.of(0, 2, 3),
    values: Int32Array.of(7, 8, 7),
    tokens: Int32Array.of(3, 2, 5),
    answers: Int32Array.of(-1, 9),
  });
});

test("sorting by time takes texts along, and a row without a text means none are kept", () => {
  const row = { promptTokens: 5, outputTokens: 2 };
  const texts = (rows: Parameters<typeof gather>[0]) => {
    const { promptText, size } = gather(rows).workload.requests;
    return promptText && Array.from({ length: size }, (_, at) => promptText(at));
  };
  const [late, early] = [{ ...row, arrival: 9, promptText: "late" }, { ...row, arrival: 3 }];
  expect(texts([late, { ...early, promptText: "early" }])).toEqual(["early", "late"]);
  expect(texts([late, early])).toBeUndefined();
});

test("an answer whose first token is there with the last, or when it was sent, has no first token", () => {
  const lengths = { promptTokens: 5, outputTokens: 4 };
  const { measured, report } = gather([
    { ...lengths, arrival: 0, sent: 0.5, firstToken: 0.5, finish: 2 },
    { ...lengths, arrival: 1, sent: 1.5, firstToken: 3, finish: 3 },
    { ...lengths, outputTokens: 1, arrival: 2, sent: 2.5, firstToken: 3, finish: 3 },
    { ...lengths, arrival: 3, firstToken: 3.5, finish: 4 },
  ]);
  expect([...measured!.firstToken!]).toEqual([NaN, NaN, 3, 3.5]);
  expect(report.assumptions.join()).toContain("unknown of 2 answers that came in one piece");
});

test("a prompt of a request without an answer may be unknown, and is no longer than a column holds", () => {
  const good = { arrival: 1, promptTokens: 5, outputTokens: 2 };
  const { report } = gather([good, { status: "failed" }, { status: "failed", promptTokens: 3e9 }]);
  expect(report.setAside).toEqual([{ reason: "failed requests", rows: 1 }]);
  expect(report.rowsRefused).toBe(1);
});
