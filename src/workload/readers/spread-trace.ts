import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { grainText, spreadDelays, SpreadOptions } from "../transforms/spread-times.ts";
import type { ReadTrace, TraceFormat } from "./trace-format.ts";

type Spreading = z.output<typeof SpreadOptions>;

/**
 * Options of every format for times that were logged in whole seconds, minutes or batches, apart from
 * the format's own. A format that has an option `spread` itself keeps it; a `seed` is for both.
 */
export function spreadingOf(
  format: TraceFormat,
  options: Readonly<Record<string, unknown>>,
): { readonly spreading?: Spreading; readonly own: Readonly<Record<string, unknown>> } {
  const has = (name: string) =>
    format.options instanceof z.ZodObject && Object.hasOwn(format.options.shape, name);
  if (options.spread === undefined || has("spread")) return { own: options };
  const { spread, seed, ...rest } = options;
  const file = `options of format ${format.name}`;
  const given = { spread, ...seed !== undefined && { seed } };
  return {
    spreading: parseWith(SpreadOptions, given, file),
    own: has("seed") ? { ...rest, seed } : rest,
  };
}

/**
 * A trace whose requests are spread over the steps in which their times were logged, answered and other
 * ones together. All that was measured of a request moves with its arrival, so that latencies stay. The
 * report says in what steps, or that nothing moved.
 */
export function spreadTrace(trace: ReadTrace, { spread, seed }: Spreading): ReadTrace {
  const { workload, measured, unserved, report } = trace;
  const { size, arrival, phases } = workload.requests;
  if (spread === "none" || phases.length > 1) {
    return spread === "none"
      ? trace
      : said(trace, `spread ${spread} moves nothing: each phase has a clock of its own`);
  }
  const all = new Float64Array(size + (unserved?.requests.size ?? 0));
  all.set(arrival);
  if (unserved) all.set(unserved.requests.arrival, size);
  const { delays, grain } = spreadDelays(all, { spread, seed });
  if (grain === 0) {
    return said(trace, `spread ${spread} moves nothing: times are finer than a second`);
  }
  const later = (times: Float64Array, from = 0) =>
    times.map((time, row) => time + delays[from + row]);
  const { sent, firstToken, finish } = measured ?? {};
  return said(
    {
      workload: { ...workload, requests: { ...workload.requests, arrival: later(arrival) } },
      ...measured && {
        measured: {
          ...measured,
          ...sent && { sent: later(sent) },
          ...firstToken && { firstToken: later(firstToken) },
          ...finish && { finish: later(finish) },
        },
      },
      ...unserved && {
        unserved: {
          ...unserved,
          requests: {
            ...unserved.requests,
            arrival: later(unserved.requests.arrival, size),
          },
          ...unserved.finish && { finish: later(unserved.finish, size) },
        },
      },
      report,
    },
    `times are in ${grainText(grain)}: requests of the same time are spread ${
      spread === "even" ? "evenly" : `at random, seed ${seed},`
    } over it, and what was measured moves along`,
  );
}

function said({ workload, report, ...trace }: ReadTrace, assumption: string): ReadTrace {
  const { provenance } = workload;
  return {
    ...trace,
    workload: {
      ...workload,
      provenance: { ...provenance, steps: [...provenance.steps ?? [], assumption] },
    },
    report: { ...report, assumptions: [...report.assumptions, assumption] },
  };
}
