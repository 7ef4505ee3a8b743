import * as z from "zod";
import { parseColumnMap } from "../map/column-map.ts";
import { mappedReader } from "../map/mapped-reader.ts";
import { SpanRows } from "../map/span-rows.ts";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { tokensColumn } from "../parsing/columns.ts";
import { hasKeys } from "../parsing/head.ts";
import type { TraceFormat } from "../trace-format.ts";

/** What is read of a span: its own fields, and attributes by their names. */
export const OtelGenAiRow = z.looseObject({
  startTimeUnixNano: z.string().meta({ description: "when the call began", unit: "nanoseconds" }),
  endTimeUnixNano: z.string().meta({ description: "when it ended", unit: "nanoseconds" }),
  "gen_ai.usage.input_tokens": tokensColumn("length of the prompt").optional(),
  "gen_ai.usage.output_tokens": tokensColumn("length of the answer").optional(),
});

/** Attributes of the conventions, before those of their earlier versions and of vLLM's own spans. */
const MAP = parseColumnMap({
  arrival: "startTimeUnixNano:ns|startTime",
  finish: "endTimeUnixNano:ns|endTime",
  ttft: "gen_ai.server.time_to_first_token:s|gen_ai.response.time_to_first_chunk:s|" +
    "gen_ai.latency.time_to_first_token:s",
  queue: "gen_ai.latency.time_in_queue:s",
  prompt: "gen_ai.usage.input_tokens|gen_ai.usage.prompt_tokens",
  output: "gen_ai.usage.output_tokens|gen_ai.usage.completion_tokens",
  max: "gen_ai.request.max_tokens",
  cached: "gen_ai.usage.cache_read.input_tokens|gen_ai.usage.cache_read_input_tokens",
  tenant: "tenant.id|user.id|enduser.id",
  session: "gen_ai.conversation.id|session.id",
  model: "gen_ai.request.model|gen_ai.response.model",
  status: "status",
});

const OTLP = /^\s*\[?\s*\{\s*"resource_?[sS]pans"/;

/**
 * Spans of OpenTelemetry's conventions for generative AI: the export of OTLP as JSON (a document, or one
 * a line as the Collector's file exporter writes it), or one span a line with its attributes within it.
 * Each span of a call of a model is a request, with errors as unanswered ones; other spans are set aside,
 * as are calls within another call of the log, which several libraries at once write of one request. Rows
 * of messages are spans, numbered from 1.
 */
export const otelGenAi: TraceFormat<ArrivalOptions> = {
  name: "otel-genai",
  title: "OpenTelemetry spans of generative AI, OTLP JSON or flat",
  row: OtelGenAiRow,
  options: ArrivalOptions,
  recognise(head) {
    if (OTLP.test(head.text)) return "JSON of OTLP: resourceSpans";
    const isSpan = [["startTimeUnixNano", "endTimeUnixNano"], ["start_time", "end_time"], [
      "startTime",
      "endTime",
    ], ["start_time_unix_nano", "end_time_unix_nano"]].find((names) => hasKeys(head, names));
    return isSpan !== undefined && /"gen_ai\.[a-z_.]+"/.test(head.text)
      ? `JSON of spans with ${isSpan.join(", ")} and attributes of gen_ai`
      : undefined;
  },
  reader(context) {
    const spans = new SpanRows();
    return mappedReader(context, () => ({
      name: "OpenTelemetry spans",
      map: MAP,
      required: ["arrival", "prompt", "output"],
      expand: (value) => spans.rowsOf(value),
      asideAtEnd: (row) => spans.withinCall(row),
      withoutCounts: "the instrumentation has to write gen_ai.usage.input_tokens and output_tokens",
    }));
  },
};
