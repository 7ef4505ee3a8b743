import { expect, test } from "vitest";
import {
  locustHistoryRecord,
  locustStatisticsRecord,
} from "../../../src/runs/records/locust-statistics.ts";
import { headOf } from "../../../src/workload/readers/parsing/head.ts";

const HISTORY = "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,99.9%," +
  "Total Request Count,Total Failure Count\n" +
  "1759813207,10,POST,/v1/completions,4.2,0,120,310,42,0\n" +
  "1759813208,12,POST,/v1/completions,5.5,0.1,N/A,N/A,48,1\n" +
  "1759813208,12,,Aggregated,5.5,0.1,130,320,48,1\n";
const head = (text: string) => headOf(new TextEncoder().encode(text), true);

test("a history has its span, its peaks and what each name stood at in the end", () => {
  const expected = {
    rows: 3,
    span_s: 1,
    most_users: 12,
    most_requests_per_s: 5.5,
    at_the_end: {
      "POST /v1/completions": {
        requests: 48,
        failures: 1,
        requests_per_s: 5.5,
        response_times_ms: { p50: null, "p99.9": null },
      },
      Aggregated: {
        requests: 48,
        failures: 1,
        requests_per_s: 5.5,
        response_times_ms: { p50: 130, "p99.9": 320 },
      },
    },
  };
  for (const text of [HISTORY, HISTORY.replaceAll(",", ";")]) {
    expect(locustHistoryRecord.recognise(head(text))).toContain("Total Request Count");
    expect(locustHistoryRecord.describe(text, "h.csv")).toEqual(expected);
  }
});

test("statistics of a run are one row a name", () => {
  const text = "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time," +
    "Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,100%\n" +
    "POST,/v1/completions,40,2,120,131.5,90,400,812,4,0.2,120,400\n";
  expect(locustStatisticsRecord.recognise(head(text))).toContain("Failure Count");
  expect(locustHistoryRecord.recognise(head(text))).toBeUndefined();
  expect(locustStatisticsRecord.describe(text, "s.csv")).toEqual({
    "POST /v1/completions": {
      requests: 40,
      failures: 2,
      requests_per_s: 4,
      mean_ms: 131.5,
      response_times_ms: { p50: 120, p100: 400 },
    },
  });
});

test("a cell that is no number, and a short row, are refused by row and column", () => {
  expect(() => locustHistoryRecord.describe(HISTORY.replace("1759813207", "noon"), "h.csv"))
    .toThrow('h.csv, row 2, field Timestamp: got "noon", expected a number, or N/A');
  expect(() => locustHistoryRecord.describe(`${HISTORY}1,2\n`, "h.csv"))
    .toThrow("h.csv, row 5: got 2, expected 10 cells, as in the header");
});
