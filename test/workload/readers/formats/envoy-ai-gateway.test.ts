import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

const FIXTURE = new URL("../../../fixtures/own-logs/envoy-ai-gateway.jsonl", import.meta.url);
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);
const rounded = (times: Float64Array) => [...times].map((time) => Number(time.toFixed(6)));

test("requests with their counts; tools and other paths are set aside", async () => {
  const { workload, measured, unserved, report } = await openTrace(FIXTURE);
  expect(report.format).toBe("envoy-ai-gateway");
  expect(rounded(workload.requests.arrival)).toEqual([0, 1.25]);
  expect(rounded(measured!.finish!)).toEqual([1.526, 1.5]);
  expect(measured!.firstToken).toBeUndefined();
  expect([...workload.requests.promptTokens]).toEqual([15, 40]);
  expect([...workload.truth.outputTokens]).toEqual([7, 9]);
  expect(namesOf(workload.requests.model!)).toEqual(["llama", "qwen"]);
  expect(namesOf(unserved!.status)).toEqual(["rejected", "failed"]);
  expect(report.setAside.map(({ reason, rows }) => [reason, rows])).toEqual([
    ["calls of MCP tools", 1],
    ["calls of paths that make no answers", 1],
    ["rejected requests", 1],
    ["failed requests", 1],
  ]);
});

test("names of the gateway's own command are no spans of OpenTelemetry", async () => {
  const line = {
    start_time: "2025-08-30T16:51:37.894Z",
    duration: 1526,
    response_code: 200,
    "gen_ai.request.model": "llama",
    "gen_ai.usage.input_tokens": 15,
    "gen_ai.usage.output_tokens": 7,
    "session.id": "s-1",
  };
  const { report, workload } = await readTrace(JSON.stringify(line));
  expect(report.format).toBe("envoy-ai-gateway");
  expect(namesOf(workload.requests.session!)).toEqual(["s-1"]);
});

test("a log whose route counts no tokens is refused, with what to set", async () => {
  const line = {
    start_time: "2025-08-30T16:51:37.894Z",
    duration: 1526,
    response_code: 200,
    genai_tokens_input: null,
    genai_tokens_output: "-",
  };
  await expect(readTrace(JSON.stringify(line), { source: "access.log" })).rejects.toThrow(
    "access.log, field genai_tokens_input|gen_ai.usage.input_tokens|llm_input_token: expected token " +
      "counts (prompt) in some row: no row says any; they are logged where the AIGatewayRoute has " +
      "llmRequestCosts of InputToken and OutputToken",
  );
});
