import { gather } from "../../transforms/gather.ts";
import type { Labels } from "../../workload.ts";
import { assembleTrace, type RequestColumns } from "../parsing/assemble-trace.ts";
import { type ArrivalOptions, assumedArrivals, refuseRate } from "../parsing/assumed-arrivals.ts";
import { orderByNumber } from "../parsing/order-names.ts";
import type { ReadContext, ReadTrace } from "../trace-format.ts";
import { type Clock, describeTime } from "./clock.ts";
import { keepRows } from "./kept-rows.ts";
import { mapValues } from "./map-values.ts";
import { OUTCOMES } from "./status-column.ts";
import type { DurationTarget, LabelTarget } from "./targets.ts";
import type { Counts } from "./token-totals.ts";
import { usedLabels } from "./used-labels.ts";

/** Instants of all rows, seconds since the clock's `zero`; NaN where they are not known. */
export interface TimeColumns {
  readonly arrival: Float64Array;
  readonly sent?: Float64Array;
  readonly firstToken?: Float64Array;
  readonly finish?: Float64Array;
}

/** All rows that were gathered from a file, and which of them are answered requests. */
export interface JudgedRows {
  /** Name of the workload, for people. */
  readonly name: string;
  readonly size: number;
  readonly times: TimeColumns;
  /** Undefined where the log has no times. */
  readonly clock: Clock | undefined;
  readonly counts: Counts;
  readonly durations: Partial<Record<DurationTarget, Float64Array>>;
  readonly labels: Partial<Record<LabelTarget, Labels>>;
  /** Places in {@link OUTCOMES}. */
  readonly outcome: Uint8Array;
  /** Indices of answered rows, and of those without an answer, in the order of the file. */
  readonly served: Int32Array;
  readonly unserved: Int32Array;
}

type Context = Pick<ReadContext<ArrivalOptions>, "log" | "lenient" | "options">;

/**
 * Makes a trace of the rows, whose columns are of no further use; throws an InputError as
 * `assembleTrace` does.
 */
export function assembleMapped(context: Context, rows: JudgedRows): ReadTrace {
  const { name, times, clock, counts, durations, outcome, served, unserved } = rows;
  const { log } = context;
  if (clock !== undefined) {
    refuseRate(context);
    countFromFirst(times, served, clock, log);
  } else if (Object.keys(durations).length > 0) {
    const lost = Object.keys(durations).join(", ");
    log.assumptions.push(`${lost}: left out, because the log does not say when requests came`);
  }
  fillCaps(counts, served, log);
  // Those without an answer first: of the others no second copy is made, their columns are cut.
  const apart = unserved.length > 0 && {
    ...requestsOf(rows, unserved, gather),
    status: usedLabels({ codes: outcome, names: [...OUTCOMES] }, unserved),
    ...clock && known({ finish: times.finish }, unserved, gather),
  };
  const { queue, tpot } = durations;
  const measured = clock && {
    ...known(
      { sent: times.sent, firstToken: times.firstToken, finish: times.finish },
      served,
      keepRows,
    ),
    ...counts.cached && { cachedTokens: keepRows(counts.cached, served) },
    ...(queue || tpot) && { durations: known({ queue, tpot }, served, keepRows) },
  };
  return assembleTrace(context, {
    name,
    served: {
      ...requestsOf(rows, served, keepRows),
      ...clock === undefined && { arrival: assumedArrivals(served.length, context) },
      outputTokens: keepRows(counts.output ?? new Int32Array(rows.size), served),
    },
    ...measured && Object.keys(measured).length > 0 && { measured },
    ...apart && { unserved: apart },
  });
}

/** Takes the values of some rows out of a column. */
type Take = <T extends Float64Array | Int32Array>(column: T, rows: Int32Array) => T;

function requestsOf(
  { size, times, clock, counts, labels }: JudgedRows,
  rows: Int32Array,
  take: Take,
): RequestColumns {
  const { tenant, tier, category, session, model, id } = mapValues(
    labels,
    (column) => rows.length === size ? column : usedLabels(column, rows),
  );
  const prompt = take(counts.prompt ?? new Int32Array(size), rows);
  // Only a request without an answer may not say it.
  for (let i = 0; i < prompt.length; i++) if (prompt[i] < 0) prompt[i] = 0;
  return {
    arrival: clock ? take(times.arrival, rows) : new Float64Array(rows.length).fill(NaN),
    promptTokens: prompt,
    ...counts.max && { maxTokens: take(counts.max, rows) },
    ...tenant && { tenant },
    ...tier && { tier: orderByNumber(tier) },
    ...category && { category },
    ...session && { session },
    ...model && { model },
    ...id && { extra: { id } },
  };
}

/** Of some columns, those that say something of the rows that are taken. */
function known<K extends string>(
  columns: Readonly<Partial<Record<K, Float64Array>>>,
  rows: Int32Array,
  take: Take,
): Partial<Record<K, Float64Array>> {
  return mapValues<K, Float64Array | undefined, Float64Array>(columns, (column) => {
    const taken = column && take(column, rows);
    return taken?.every(Number.isNaN) ? undefined : taken;
  });
}

/** The start of the log's own clock: to count from there is to change nothing. */
const START = "0 s of the file's clock";

/** Counts all times from the arrival of the first answered request, and says when that was. */
function countFromFirst(
  times: TimeColumns,
  served: Int32Array,
  clock: Clock,
  log: ReadContext["log"],
): void {
  let first = Infinity;
  for (const row of served) if (times.arrival[row] < first) first = times.arrival[row];
  if (!Number.isFinite(first)) return;
  for (const column of Object.values(times) as Float64Array[]) {
    for (let i = 0; i < column.length; i++) column[i] -= first;
  }
  const at = describeTime(first, clock);
  if (at !== START) log.assumptions.push(`time 0 is that of the first answered request, ${at}`);
}

/** Rows without a cap get one that tells nothing of their answers. */
function fillCaps(
  { max: caps, output: answers }: Counts,
  served: Int32Array,
  log: ReadContext["log"],
): void {
  if (caps === undefined || answers === undefined) return;
  let cap = 16;
  let without = 0;
  for (const row of served) {
    while (cap < answers[row]) cap *= 2;
    if (caps[row] < 0) without++;
  }
  cap = Math.min(cap, 2 ** 31 - 1);
  for (let i = 0; i < caps.length; i++) if (caps[i] < 0) caps[i] = cap;
  if (without > 0) {
    log.assumptions.push(
      `max_tokens ${cap} in ${without} rows that have none: the smallest power of two that fits the ` +
        "longest answer",
    );
  }
}
