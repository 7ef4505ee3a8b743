import { takeRows } from "../../transforms/take-rows.ts";
import type { Labels, PromptBlocks, Requests, Workload } from "../../workload.ts";
import { constantLabel } from "./constant-label.ts";
import type {
  Measured,
  ReadContext,
  ReadTrace,
  Unserved,
  UnservedStatus,
} from "../trace-format.ts";

/** What a format knows of requests, by column, in the order of the file. Shape (n) each. */
export interface RequestColumns {
  /** Seconds on the format's clock, in any order. */
  readonly arrival: Float64Array;
  readonly promptTokens: Int32Array;
  readonly tenant?: Labels;
  readonly tier?: Labels;
  readonly category?: Labels;
  readonly session?: Labels;
  readonly model?: Labels;
  readonly promptBlocks?: PromptBlocks;
  readonly extra?: Requests["extra"];
  readonly promptWords?: Int32Array;
  readonly promptText?: readonly string[];
  /** Absent: one cap for all, see {@link assembleTrace}. */
  readonly maxTokens?: Int32Array;
}

/** What a format makes of a file. */
export interface TraceColumns {
  /** Name of the workload, for people. */
  readonly name: string;
  /** Requests with an answer; `outputTokens` is at least 1 each. */
  readonly served: RequestColumns & { readonly outputTokens: Int32Array };
  /** What was measured of them, on the same clock. */
  readonly measured?: Measured;
  /** Requests without one. */
  readonly unserved?: RequestColumns & {
    readonly status: UnservedStatus | Labels;
    readonly finish?: Float64Array;
  };
  /**
   * The format's clock is a date or a counter: times are counted from the first answered request, and
   * the report says where that was. One without an answer, whose time may be missing, never sets it.
   */
  readonly sinceFirst?: boolean;
  /** Rows are of several streams, one after the other: that they need sorting says nothing. */
  readonly streams?: boolean;
}

/**
 * Makes a trace of what a format read, the same way for all formats, and lets the log finish (it
 * throws where the reader is strict and a row was bad). Everything that the file does not say is
 * stated in the report's assumptions:
 *
 * - Rows out of order of time are sorted by it, stably, and labels numbered anew by first use.
 * - Without tenants, tiers or categories all rows get the one named `default`.
 * - Without caps every request gets the same one, so that it tells nothing of a single answer: the
 *   smallest power of two that the longest answer fits.
 */
export function assembleTrace(
  { log, lenient }: Pick<ReadContext, "log" | "lenient">,
  { name, served, measured, unserved, sinceFirst = false, streams = false }: TraceColumns,
): ReadTrace {
  const origin = sinceFirst ? smallest(served.arrival) : 0;
  if (sinceFirst && Number.isFinite(origin) && origin !== 0) {
    log.assumptions.push(
      `time 0 is that of the first answered request, at ${origin} s of the file's clock`,
    );
  }
  const since = (times: Float64Array) => {
    if (origin !== 0) { for (let i = 0; i < times.length; i++) times[i] -= origin; }
    return times;
  };
  const arrival = since(served.arrival);
  const others = since(unserved?.arrival ?? new Float64Array());
  const late = latecomers(arrival) + latecomers(others);
  if (late > 0 && !streams) {
    log.assumptions.push(`${late} rows were out of order: all rows are sorted by time, stably`);
  }
  const placed = placeUnserved(others, arrival, log);
  // Who is moved to time 0 ends as much later.
  const ended = unserved?.finish &&
    since(unserved.finish).map((time, row) => time + placed.times[row] - others[row]);
  const cap = served.maxTokens ? 0 : assumedCap(served.outputTokens);
  if (cap > 0) {
    log.assumptions.push(
      `max_tokens ${cap} for every request: the smallest power of two that fits the longest answer`,
    );
  }
  const missing = (["tenant", "tier", "category"] as const).filter((each) => !served[each]);
  if (missing.length > 0) {
    log.assumptions.push(`${missing.join(", ")}: all named default, because the file has none`);
  }
  const report = log.finish({ lenient });
  const provenance = {
    source: `${report.format} ${report.source}`,
    steps: [`read ${report.rowsKept} of ${report.rowsRead} rows`, ...report.assumptions],
  };
  const workload: Workload = {
    name,
    requests: requestsOf({ ...served, arrival }, cap),
    truth: { outputTokens: served.outputTokens },
    provenance,
  };
  const order = sortingOrder(arrival);
  return {
    workload: order === undefined ? workload : sorted(workload, order),
    ...measured && { measured: measuredOf(measured, since, order) },
    ...unserved && placed.rows.length > 0 && {
      unserved: unservedOf({ ...unserved, finish: ended }, placed, { cap, workload }),
    },
    report,
  };
}

function requestsOf(columns: RequestColumns, cap: number): Requests {
  const { arrival, promptTokens, maxTokens, tenant, tier, category } = columns;
  const { session, model, promptBlocks, extra, promptWords, promptText } = columns;
  const size = arrival.length;
  return {
    size,
    arrival,
    phases: [{ name: "trace", first: 0, afterDrainSeconds: 0 }],
    tenant: tenant ?? constantLabel(size),
    tier: tier ?? constantLabel(size),
    category: category ?? constantLabel(size),
    maxTokens: maxTokens ?? new Int32Array(size).fill(cap),
    promptTokens,
    ...session && { session },
    ...model && { model },
    ...promptBlocks && { promptBlocks },
    ...extra && { extra },
    ...promptWords && { promptWords },
    ...promptText && { promptText: (request: number) => promptText[request] },
  };
}

const HOUR = 3600;

type UnservedColumns = NonNullable<TraceColumns["unserved"]>;

/**
 * Where requests without an answer are on the clock of the others, and their rows in order of time. A
 * time that is missing, or lies before the first answered request by more than the others take, is
 * none: such a row is placed nowhere. One that came a little before arrives at time 0. The log says of
 * how many.
 */
function placeUnserved(
  times: Float64Array,
  arrival: Float64Array,
  log: ReadContext["log"],
): { readonly times: Float64Array; readonly rows: Int32Array } {
  const span = arrival.reduce((latest, at) => Math.max(latest, at), 0);
  const rows = Int32Array.from(times.keys()).filter((row) => times[row] >= -Math.max(span, HOUR));
  const nowhere = times.length - rows.length;
  if (nowhere > 0) {
    log.assumptions.push(
      `${nowhere} requests without an answer have no usable time: they are counted, and placed nowhere`,
    );
  }
  const early = rows.filter((row) => times[row] < 0);
  if (early.length > 0) {
    const most = early.reduce((least, row) => Math.min(least, times[row]), 0);
    log.assumptions.push(
      `${early.length} requests without an answer came up to ${-most} s before the first answered ` +
        "one: they arrive at time 0",
    );
  }
  const onClock = times.map((at) => Math.max(at, 0));
  return { times: onClock, rows: rows.sort((a, b) => onClock[a] - onClock[b] || a - b) };
}

function unservedOf(
  { status, finish, ...columns }: UnservedColumns,
  { times, rows }: ReturnType<typeof placeUnserved>,
  { cap, workload }: { cap: number; workload: Workload },
): Unserved {
  const requests = requestsOf({ ...columns, arrival: times }, cap);
  const labels = typeof status === "string" ? constantLabel(requests.size, status) : status;
  const asTheyAre = rows.length === requests.size && rows.every((row, i) => row === i);
  if (asTheyAre) return { requests, status: labels, ...finish && { finish } };
  const truth = { outputTokens: new Int32Array(requests.size) };
  return {
    requests: sorted({ ...workload, requests, truth }, rows).requests,
    status: { ...labels, codes: taken(labels.codes, rows) },
    ...finish && { finish: taken(finish, rows) },
  };
}

function measuredOf(
  { durations, cachedTokens, ...instants }: Measured,
  since: (times: Float64Array) => Float64Array,
  order: Int32Array | undefined,
): Measured {
  const inOrder = (column: Float64Array) => order ? taken(column, order) : column;
  return {
    ...mapped(instants as Columns, (times) => inOrder(since(times))),
    ...cachedTokens && { cachedTokens: order ? taken(cachedTokens, order) : cachedTokens },
    ...durations && { durations: mapped(durations, inOrder) },
  };
}

type Columns = Readonly<Record<string, Float64Array>>;

function mapped(columns: Columns, of: (column: Float64Array) => Float64Array): Columns {
  return Object.fromEntries(Object.entries(columns).map(([name, each]) => [name, of(each)]));
}

function smallest(times: Float64Array): number {
  let least = Infinity;
  for (const time of times) if (time < least) least = time;
  return least;
}

/** Rows that come after a row with a later time. */
function latecomers(times: Float64Array): number {
  let latest = -Infinity;
  let count = 0;
  for (const time of times) {
    if (time < latest) count++;
    else if (time > latest) latest = time;
  }
  return count;
}

/** Rows by time, equal times in the order of the file; undefined where they are so already. */
function sortingOrder(times: Float64Array): Int32Array | undefined {
  if (latecomers(times) === 0) return undefined;
  return Int32Array.from(times.keys()).sort((a, b) => times[a] - times[b] || a - b);
}

function sorted(workload: Workload, order: Int32Array): Workload {
  const { requests, provenance } = workload;
  const rows = { rows: order, arrival: taken(requests.arrival, order), phases: requests.phases };
  const result = takeRows(workload, rows, provenance);
  const { tenant, category, session, model } = result.requests;
  return {
    ...result,
    requests: {
      ...result.requests,
      tenant: renumbered(tenant),
      category: renumbered(category),
      ...session && { session: renumbered(session) },
      ...model && { model: renumbered(model) },
    },
  };
}

/** The same labels with names in the order of their first row. Tiers are in order of urgency. */
function renumbered({ codes, names }: Labels): Labels {
  const place = new Int32Array(names.length).fill(-1);
  const inOrder: string[] = [];
  const renamed = codes.map((code: number) => {
    if (place[code] < 0) place[code] = inOrder.push(names[code]) - 1;
    return place[code];
  });
  return { codes: renamed, names: inOrder };
}

function taken<T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(
  column: T,
  rows: Int32Array,
): T {
  const result = new (column.constructor as new (length: number) => T)(rows.length);
  for (let i = 0; i < rows.length; i++) result[i] = column[rows[i]];
  return result;
}

/** The smallest power of two, from 16, that no answer is longer than. */
function assumedCap(outputTokens: Int32Array): number {
  let cap = 16;
  for (const tokens of outputTokens) while (cap < tokens) cap *= 2;
  return Math.min(cap, 2 ** 31 - 1);
}
