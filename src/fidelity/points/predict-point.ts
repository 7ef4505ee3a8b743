import { fifo } from "../../policies/fifo.ts";
import { timePerOutputToken, timeToFirstToken } from "../../runs/latencies.ts";
import { serverOf } from "../../servers/server.ts";
import type { SizedServer } from "../../servers/sized-server.ts";
import { greatest, known } from "../../statistics/known.ts";
import { mean, quantileSorted } from "../../statistics/quantile.ts";
import type { RecordedRequests } from "../recorded-run.ts";
import { simulateRecording } from "../simulate-recording.ts";
import type { MeasuredRow } from "./measured-point.ts";
import { lengthsOf, type PointLengths } from "./point-lengths.ts";
import { pointServer, whyNotSimulated } from "./point-server.ts";
import { type StepTerms, TermMeter } from "./term-meter.ts";

/** Numbers of a point that are compared: seconds in ms, tokens a second. */
export const POINT_METRICS = ["tpot", "ttft", "throughput"] as const;
export type PointMetric = (typeof POINT_METRICS)[number];

/** One number of a point. */
export interface PointComparison {
  /** As the file names it: `tpot_p50_ms`, `output_tok_s`. */
  readonly column: string;
  readonly measured: number;
  readonly simulated: number;
  readonly error_pct: number;
}

/** A measured point beside its simulation. */
export interface PredictedPoint {
  readonly row: MeasuredRow;
  readonly compared: { readonly [metric in PointMetric]?: PointComparison };
  readonly terms: StepTerms;
  /** The largest of the terms. */
  readonly dominant: keyof StepTerms;
  readonly sized: SizedServer;
  /** What was assumed of the lengths; null: nothing. */
  readonly assumed: string | null;
}

/** A point that was left out, and why. */
export interface SkippedPoint {
  readonly row: MeasuredRow;
  readonly why: string;
}

/** Requests of a closed loop where the file says none: enough for its ramps not to count. */
const requestsOf = ({ requests, users = 1 }: MeasuredRow) => requests ?? Math.max(32, 8 * users);

/**
 * Whether a closed loop of so many users cannot have been: by Little's law a request takes users ×
 * duration / requests on the average, and its first token alone took longer. All were sent at once.
 */
function contradictsUsers(row: MeasuredRow): boolean {
  const { users, requests, duration_s: duration, ttft_mean_ms: ttft } = row;
  if ([users, requests, duration, ttft].includes(undefined)) return false;
  return ttft! / 1000 > 1.5 * users! * duration! / requests!;
}

/** Simulates a point on the server of its flags; says why where it cannot. */
export function predictPoint(row: MeasuredRow): PredictedPoint | SkippedPoint {
  const why = whyNotSimulated(row);
  if (why !== null) return { row, why };
  const n = requestsOf(row);
  const lengths = lengthsOf(row, n);
  if (lengths === null) return { row, why: "lengths of its requests are not stated" };
  const sized = pointServer(row, lengths);
  const server = serverOf(sized.server);
  const requests = recordedOf(lengths);
  const window = row.kind === "closed" && !contradictsUsers(row) ? row.users ?? 1 : null;
  const client = window === null ? null : { in_flight_window: window, order: fifo.name };
  const meter = new TermMeter(sized);
  const simulated = simulateRecording(requests, server, client, meter.observe);
  const rows = Array.from(requests.id, (_, i) => i);
  const last = greatest(simulated.finish);
  const ms = (of: (row: number) => number) => known(rows.map((each) => 1000 * of(each))).sort();
  const ttft = ms((i) => timeToFirstToken(simulated.submitted[i], simulated.firstToken[i]));
  const tpot = ms((i) =>
    timePerOutputToken(simulated.firstToken[i], simulated.finish[i], requests.outputTokens[i])
  );
  const sum = (values: Int32Array) => values.reduce((total, each) => total + each, 0);
  const tpotAlone = lengths.assumed?.includes("TPOT alone");
  const output = sum(requests.outputTokens), input = sum(requests.promptTokens);
  const compared = {
    tpot: compare(row, {
      tpot_p50_ms: quantileSorted(tpot, 0.5),
      tpot_mean_ms: mean(tpot),
    }),
    ttft: tpotAlone || /TTFT (not usable|is cold)/.test(row.note) ? undefined : compare(row, {
      ttft_p50_ms: quantileSorted(ttft, 0.5),
      ttft_mean_ms: mean(ttft),
    }),
    throughput: tpotAlone ? undefined : compare(row, {
      output_tok_s: output / last,
      total_tok_s: (output + input) / last,
      req_s: requests.size / last,
    }),
  };
  const shares = meter.shares(last);
  return {
    ...{ row, sized, compared, terms: shares, assumed: lengths.assumed },
    dominant: (Object.keys(shares) as (keyof StepTerms)[])
      .reduce((most, each) => shares[each] > shares[most] ? each : most),
  };
}

/** The first of the numbers that the row has, in their order. */
function compare(
  row: MeasuredRow,
  simulated: Readonly<Record<string, number>>,
): PointComparison | undefined {
  for (const [column, value] of Object.entries(simulated)) {
    const measured = row[column];
    if (typeof measured !== "number") continue;
    return { column, measured, simulated: value, error_pct: 100 * (value / measured - 1) };
  }
  return undefined;
}

/** The requests all at once: whoever has a window holds the rest back. */
function recordedOf({ promptTokens, outputTokens }: PointLengths): RecordedRequests {
  const size = promptTokens.length;
  return {
    ...{ size, promptTokens, outputTokens },
    id: Array.from({ length: size }, (_, i) => String(i)),
    arrival: new Float64Array(size),
    priority: new Int32Array(size),
    tier: new Uint8Array(size),
    firstToken: new Float64Array(size).fill(NaN),
    finish: new Float64Array(size).fill(NaN),
  };
}
