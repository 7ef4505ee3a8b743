import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

const FIXTURES = new URL("../../../fixtures/own-logs/", import.meta.url);
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);
const rounded = (times: Float64Array) => [...times].map((time) => Number(time.toFixed(6)));

test("standard payloads: what the cache answered and what makes no answer is set aside", async () => {
  const { workload, measured, unserved, report } = await openTrace(
    new URL("litellm-payloads.jsonl", FIXTURES),
  );
  expect(report.format).toBe("litellm");
  const { requests, truth } = workload;
  expect(rounded(requests.arrival)).toEqual([0, 0.5]);
  // The second was not streamed: its end is logged as the first token.
  expect(rounded(measured!.firstToken!)).toEqual([0.25, NaN]);
  expect(rounded(measured!.finish!)).toEqual([1.25, 1]);
  expect([...requests.promptTokens]).toEqual([30, 4]);
  expect([...truth.outputTokens]).toEqual([15, 8]);
  expect(requests.maxTokens[0]).toBe(64);
  expect([...measured!.cachedTokens!]).toEqual([16, -1]);
  expect(namesOf(requests.tenant)).toEqual(["search", "grace"]);
  expect(namesOf(requests.model!)).toEqual(["chat", "chat"]);
  expect(rounded(unserved!.requests.arrival)).toEqual([1.75]);
  expect(report.setAside).toEqual([
    { reason: "answers out of LiteLLM's cache, without a server", rows: 1 },
    { reason: "calls that make no answers (aembedding)", rows: 1 },
    { reason: "failed requests", rows: 1 },
  ]);
  expect(report.assumptions).toContain(
    "first token: not known in 1 rows, where it is said to come at once or with the last one, as of " +
      "answers that are not streamed",
  );
});

test("spend logs as a table of the database", async () => {
  const { workload, measured, unserved, report } = await openTrace(
    new URL("litellm-spend-logs.csv", FIXTURES),
  );
  expect(report.format).toBe("litellm");
  expect(rounded(workload.requests.arrival)).toEqual([0, 0.5]);
  expect(rounded(measured!.firstToken!)).toEqual([0.25, NaN]);
  expect(rounded(measured!.finish!)).toEqual([1.25, 1]);
  expect(namesOf(workload.requests.tenant)).toEqual(["search", "99ab10"]);
  expect(namesOf(workload.requests.session!)).toEqual(["s-1", "s-2"]);
  expect(unserved!.requests.size).toBe(1);
  expect(report.setAside.map(({ rows }) => rows)).toEqual([1, 1]);
});

test("spend logs as the API gives them: a list, or a page of one", async () => {
  const row = {
    request_id: "r",
    call_type: "acompletion",
    api_key: "k",
    spend: 0,
    startTime: "2025-11-16T20:22:32.160000Z",
    endTime: "2025-11-16T20:22:33.410000Z",
    prompt_tokens: 30,
    completion_tokens: 15,
    status: null,
  };
  for (const value of [[row, row], { data: [row, row], total: 2, page: 1 }]) {
    for (const indent of [undefined, 2]) {
      const { workload, measured, report } = await readTrace(JSON.stringify(value, null, indent));
      expect(report.format).toBe("litellm");
      expect(workload.requests.size).toBe(2);
      expect(measured!.finish![0]).toBe(1.25);
    }
  }
});

test("times of the same names in another log are not LiteLLM's", async () => {
  const text = "startTime,endTime,prompt_tokens,completion_tokens\n1,2,5,2\n";
  await expect(readTrace(text)).rejects.toThrow("a trace in a known format");
});
