import { type CsvCell, csvChunks } from "../../csv/write-csv.ts";
import { BurstGptRow } from "../readers/formats/burstgpt.ts";
import { joinRequests } from "../transforms/join-requests.ts";
import type { Labels } from "../workload.ts";
import { checkNames } from "./check-names.ts";
import { coarserTimes, lossesOf, onOneClock, ticking, usedNames } from "./losses.ts";
import type { TraceToWrite, TraceWriter } from "./trace-writer.ts";

const LOG_TYPES = ["Conversation log", "API log"];
const UNNAMED = "unknown";

/**
 * BurstGPT: version 1, with the columns of version 2 for sessions and elapsed times where there are any.
 * Times and elapsed times are whole seconds. Requests without an answer are rows of 0 response
 * tokens. Categories that are no log types become `API log`.
 */
export const burstGptWriter: TraceWriter = {
  name: "burstgpt",
  title: "BurstGPT, version 1 or 2",
  extension: ".csv",
  write(trace) {
    const { workload: { requests: served, truth }, measured, unserved } = trace;
    // Rows of one second stand in one order, whatever their fractions were.
    const clock = ticking(served, 1);
    const { requests, from } = unserved ? joinRequests(clock, ticking(unserved.requests, 1)) : {
      requests: clock,
      from: Int32Array.from(served.arrival.keys()),
    };
    checkNames({ model: requests.model, session: requests.session }, {
      empty: ["model", "session"],
    });
    const isServed = (row: number) => from[row] < served.size;
    const finish = (row: number) =>
      (isServed(row)
        ? measured?.finish?.[from[row]]
        : unserved?.finish?.[from[row] - served.size]) ??
        NaN;
    const exact = onOneClock(served);
    const arrivalOf = (row: number) =>
      isServed(row) ? exact[from[row]] : unserved!.requests.arrival[from[row] - served.size];
    const known = new Set(LOG_TYPES);
    const name = ({ codes, names }: Labels, row: number) => names[codes[row]];
    const absent = [
      ...requests.session ? [] : ["Session ID"],
      ...measured?.finish ?? unserved?.finish ? [] : ["Elapsed time"],
    ];
    const header = Object.keys(BurstGptRow.shape).filter((column) => !absent.includes(column));
    const cellOf: Readonly<Record<string, (row: number) => CsvCell>> = {
      "Timestamp": (row) => requests.arrival[row],
      "Session ID": (row) => requests.session ? name(requests.session, row) : "",
      // Elapsed 0 is what a failed request has.
      "Elapsed time": (row) => {
        const elapsed = Math.round(finish(row) - arrivalOf(row));
        return elapsed > 0 ? elapsed : 0;
      },
      "Model": (row) => (requests.model && name(requests.model, row)) || UNNAMED,
      "Request tokens": (row) => requests.promptTokens[row],
      "Response tokens": (row) => isServed(row) ? truth.outputTokens[from[row]] : 0,
      "Total tokens": (row) =>
        requests.promptTokens[row] + (isServed(row) ? truth.outputTokens[from[row]] : 0),
      "Log Type": (row) => {
        const category = name(requests.category, row);
        return known.has(category) ? category : "API log";
      },
    };
    const cells = header.map((column) => cellOf[column]);
    return {
      chunks: {
        [Symbol.iterator]: () =>
          csvChunks(
            header,
            Iterator.from(requests.arrival.keys()).map((row) => cells.map((cell) => cell(row))),
          ),
      },
      lost: losses(trace, {
        arrival: requests.arrival.map((_, row) => arrivalOf(row)),
        models: requests.model,
        finish,
      }),
    };
  },
};

function losses(
  trace: TraceToWrite,
  { arrival, models, finish }: {
    arrival: Float64Array;
    models: Labels | undefined;
    finish: (row: number) => number;
  },
): string[] {
  const { workload: { requests }, measured, unserved } = trace;
  const isLogTypes = usedNames(requests.category).every((name) => LOG_TYPES.includes(name));
  const elapsed = arrival.map((time, row) => finish(row) - time).filter((time) => time >= 0);
  const other = unserved ? usedNames(unserved.status).filter((name) => name !== "failed") : [];
  return [
    ...lossesOf(trace, [
      ...["session", "model", "measured", "unserved"] as const,
      ...isLogTypes ? ["category"] as const : [],
    ]),
    ...isLogTypes ? [] : ['log type: "API log" for what is no log type of BurstGPT'],
    ...models && !usedNames(models).includes("")
      ? []
      : [`model: "${UNNAMED}" where the trace names none`],
    ...measured?.sent ? ["when requests were sent"] : [],
    ...measured?.firstToken ? ["when first tokens came"] : [],
    ...measured?.durations ? [`durations: ${Object.keys(measured.durations).join(", ")}`] : [],
    ...other.length > 0 ? [`how requests ended: ${other.join(", ")} become failed`] : [],
    ...arrival.length > 0 && Math.round(arrival[0]) !== 0
      ? [`the time before the first request, ${arrival[0]} s: readers begin there`]
      : [],
    ...coarserTimes(arrival, 1, "second"),
    ...coarserTimes(elapsed, 1, "second").map((lost) => `elapsed ${lost}`),
  ];
}
