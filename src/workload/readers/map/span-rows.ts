import type { JsonRow } from "./json-table.ts";

type Json = Readonly<Record<string, unknown>>;

/** Operations that make an answer, by `gen_ai.operation.name`. */
const CALLS = new Set(["chat", "text_completion", "generate_content", "llm_request"]);
/** Attributes that only spans of calls of a model have. */
const USAGE = /^gen_ai\.usage\.(?:input|output|prompt|completion)_tokens$/;
/** Spans above a span at most: a longer way up is a circle. */
const DEEPEST = 1000;

/**
 * Spans of OpenTelemetry as rows: the attributes by their names, `startTimeUnixNano` or `startTime` and
 * the ends likewise, and `status`, ok or error.
 */
export class SpanRows {
  /** By the names of trace and span: the parent's, and whether the span is a call of a model. */
  readonly #spans = new Map<
    string,
    { readonly parent: string | undefined; readonly call: boolean }
  >();
  /** Of the spans in their order, from 1. */
  readonly #names: (string | undefined)[] = [undefined];

  /** The spans of a value: of an export of OTLP all of its own, else the value is one. */
  *rowsOf(value: unknown): Generator<JsonRow> {
    for (const span of spansOf(value)) yield this.#row(span);
  }

  /** Why the span of a number is no request of its own: a call of a model that is above it is one. */
  withinCall(number: number): string | undefined {
    let above = this.#spans.get(this.#names[number] ?? "")?.parent;
    for (let depth = 0; above !== undefined && depth < DEEPEST; depth++) {
      const span = this.#spans.get(above);
      if (span?.call) return "calls within another call of the log, which is counted";
      above = span?.parent;
    }
  }

  #row(span: unknown): JsonRow {
    if (!isObject(span)) {
      this.#names.push(undefined);
      return { row: span as object };
    }
    const attributes = attributesOf(span);
    const call = isCall(attributes);
    const context = isObject(span.context) ? span.context : span;
    const trace = String(context.traceId ?? context.trace_id ?? "");
    const id = context.spanId ?? context.span_id;
    const parent = span.parentSpanId ?? span.parent_span_id ?? span.parent_id;
    const nameOf = (name: unknown) =>
      typeof name === "string" && name !== "" ? `${trace}/${name}` : undefined;
    const name = nameOf(id);
    this.#names.push(name);
    if (name !== undefined) this.#spans.set(name, { parent: nameOf(parent), call });
    return call
      ? { row: { ...attributes, ...timesOf(span), status: statusOf(span, attributes) } }
      : { setAside: "spans that are no call of a model" };
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Spans of an export of OTLP in JSON, whose names are those of the protocol in either way to write them. */
function* spansOf(value: unknown): Generator<unknown> {
  const lists = (object: unknown, ...names: string[]) =>
    names.flatMap((name) => isObject(object) && Array.isArray(object[name]) ? object[name] : []);
  const isExport = isObject(value) && ("resourceSpans" in value || "resource_spans" in value);
  if (!isExport) return yield value;
  for (const resource of lists(value, "resourceSpans", "resource_spans")) {
    const scopes = ["scopeSpans", "scope_spans", "instrumentationLibrarySpans"];
    for (const scope of lists(resource, ...scopes)) yield* lists(scope, "spans");
  }
}

/** Attributes by name: a list of OTLP, an object, or beside the span's own fields. */
function attributesOf(span: Json): Json {
  const { attributes } = span;
  if (Array.isArray(attributes)) {
    return Object.fromEntries(
      attributes.filter(isObject).map(({ key, value }) => [String(key), valueOf(value)]),
    );
  }
  return isObject(attributes) ? attributes : span;
}

/** A value of OTLP, whose whole numbers are texts. */
function valueOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { stringValue, intValue, doubleValue, boolValue } = value;
  return stringValue ?? intValue ?? doubleValue ?? boolValue;
}

function isCall(attributes: Json): boolean {
  const operation = attributes["gen_ai.operation.name"];
  return typeof operation === "string"
    ? CALLS.has(operation)
    : Object.keys(attributes).some((name) => USAGE.test(name));
}

function timesOf(span: Json): Json {
  const first = (name: string, ...names: string[]) => {
    const found = names.find((each) => span[each] !== undefined);
    return found === undefined ? {} : { [name]: span[found] };
  };
  return {
    ...first("startTimeUnixNano", "startTimeUnixNano", "start_time_unix_nano"),
    ...first("endTimeUnixNano", "endTimeUnixNano", "end_time_unix_nano"),
    ...first("startTime", "startTime", "start_time"),
    ...first("endTime", "endTime", "end_time"),
  };
}

const ERROR = /^(?:2|error|status_code_error)$/i;

function statusOf({ status }: Json, attributes: Json): "ok" | "error" {
  const code = isObject(status) ? status.code ?? status.status_code ?? status.statusCode : status;
  return ERROR.test(String(code)) || attributes["error.type"] !== undefined ? "error" : "ok";
}
