import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

const FIXTURES = new URL("../../../fixtures/own-logs/", import.meta.url);
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);
const rounded = (times: Float64Array) => [...times].map((time) => Number(time.toFixed(7)));

test("an export of OTLP: calls are requests, to the microsecond; what is within a call is not", async () => {
  const { workload, measured, unserved, report } = await openTrace(
    new URL("otlp-spans.json", FIXTURES),
  );
  expect(report).toMatchObject({ format: "otel-genai", recognised: "JSON of OTLP: resourceSpans" });
  const { requests, truth } = workload;
  // By hand: 100 µs between the two starts, and the ends 1.25 s and 0.5 s after them.
  expect(rounded(requests.arrival)).toEqual([0, 0.0001]);
  expect(rounded(measured!.firstToken!)).toEqual([0.25, 0.1001]);
  expect(rounded(measured!.finish!)).toEqual([1.25, 0.5001]);
  expect([...requests.promptTokens]).toEqual([120, 30]);
  expect([...truth.outputTokens]).toEqual([50, 8]);
  expect([...requests.maxTokens]).toEqual([256, 16]);
  expect([...measured!.cachedTokens!]).toEqual([64, -1]);
  expect([...measured!.durations!.queue]).toEqual([NaN, 0.0125]);
  expect(namesOf(requests.tenant)).toEqual(["ada", "default"]);
  expect(namesOf(requests.session!)).toEqual(["c-1", ""]);
  expect(namesOf(requests.model!)).toEqual(["llama-3.1-8b", "llama-3.1-8b"]);
  // The failed call came 2 s after the first one.
  expect(rounded(unserved!.requests.arrival)).toEqual([2]);
  expect(namesOf(unserved!.status)).toEqual(["failed"]);
  expect(report.setAside).toEqual([
    { reason: "spans that are no call of a model", rows: 2 },
    { reason: "calls within another call of the log, which is counted", rows: 1 },
    { reason: "failed requests", rows: 1 },
  ]);
});

test("an export a line, as the Collector writes files, and names in snake case", async () => {
  const whole = await openTrace(new URL("otlp-spans.json", FIXTURES));
  const text = await Deno.readTextFile(new URL("otlp-spans.json", FIXTURES));
  const { resourceSpans } = JSON.parse(text);
  const spans = resourceSpans[0].scopeSpans[0].spans as Record<string, unknown>[];
  const lines = spans.map((span) =>
    JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
  );
  const snake = JSON.stringify(JSON.parse(text)).replaceAll("resourceSpans", "resource_spans")
    .replaceAll("scopeSpans", "scope_spans").replaceAll("startTimeUnixNano", "start_time_unix_nano")
    .replaceAll("endTimeUnixNano", "end_time_unix_nano").replaceAll("traceId", "trace_id")
    .replaceAll("parentSpanId", "parent_span_id").replaceAll("spanId", "span_id");
  for (const other of [lines.join("\n"), snake]) {
    const trace = await readTrace(other, { source: "spans" });
    expect(trace.report.format).toBe("otel-genai");
    expect(trace.workload.requests).toEqual(whole.workload.requests);
    expect(trace.measured).toEqual(whole.measured);
  }
});

test("one span a line with dates, as SDKs print them", async () => {
  const { workload, measured, unserved, report } = await openTrace(
    new URL("spans.jsonl", FIXTURES),
  );
  expect(report.format).toBe("otel-genai");
  expect(rounded(workload.requests.arrival)).toEqual([0, 2.5]);
  expect(rounded(measured!.firstToken!)).toEqual([0.5, NaN]);
  expect(rounded(measured!.finish!)).toEqual([1.5, 3.5]);
  expect([...workload.truth.outputTokens]).toEqual([7, 4]);
  expect(rounded(unserved!.requests.arrival)).toEqual([2.25]);
  expect([...unserved!.requests.promptTokens]).toEqual([9]);
});

test("attributes beside the span's own fields, and spans over several lines", async () => {
  const span = {
    startTimeUnixNano: "1763324552160648700",
    endTimeUnixNano: "1763324552660648700",
    "gen_ai.usage.input_tokens": 5,
    "gen_ai.usage.output_tokens": 2,
  };
  for (const text of [JSON.stringify(span), `${JSON.stringify(span, null, 4)}\n`.repeat(2)]) {
    const { workload, measured, report } = await readTrace(text);
    expect(report.format).toBe("otel-genai");
    expect(workload.requests.promptTokens[0]).toBe(5);
    expect(measured!.finish![0]).toBe(0.5);
  }
});

test("an export without calls, or without counts, is refused by name", async () => {
  const otlp = (attributes: unknown[]) =>
    JSON.stringify({
      resourceSpans: [{
        scopeSpans: [{
          spans: [{
            startTimeUnixNano: "1763324552160648700",
            endTimeUnixNano: "1763324552660648700",
            attributes,
          }],
        }],
      }],
    });
  await expect(readTrace(otlp([]), { source: "spans.json" })).rejects.toThrow(
    "spans.json: expected at least one usable row: all 1 are set aside (spans that are no call of a model)",
  );
  const chat = [{ key: "gen_ai.operation.name", value: { stringValue: "chat" } }];
  await expect(readTrace(otlp(chat), { source: "spans.json" })).rejects.toThrow(
    "spans.json, field gen_ai.usage.input_tokens|gen_ai.usage.prompt_tokens: expected a column of the file",
  );
});

test("spans that are their own parents, in a circle, end", async () => {
  const span = (id: string, parent: string) => ({
    traceId: "t",
    spanId: id,
    parentSpanId: parent,
    startTimeUnixNano: "1763324552160648700",
    endTimeUnixNano: "1763324552660648700",
    attributes: { "gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 2 },
  });
  const spans = [span("a", "b"), span("b", "a"), span("c", "")];
  const { report } = await readTrace(spans.map((each) => JSON.stringify(each)).join("\n"));
  expect(report).toMatchObject({ rowsRead: 3, rowsKept: 1 });
});
