import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { exp } from "../../math/exp.ts";
import { log } from "../../math/log.ts";
import type { ServerFile } from "../../servers/costs/server-file.ts";
import { type Server, type ServerInput, serverOf } from "../../servers/server.ts";
import { RUN_METRICS, type RunMetric, runMetrics } from "../run-metrics.ts";
import { type RequestsToServe, simulateRecording } from "../simulate-recording.ts";
import { intervalAround } from "./interval-around.ts";
import { drawServers } from "./draw-servers.ts";
import { type MachineClock, onClock } from "./machine-clock.ts";
import { type ServerDoubt, serverDoubt } from "./server-doubt.ts";

/** What is promised of a run: a latency of it is at most so many seconds. */
export interface ServicePromise {
  readonly metric: RunMetric;
  readonly atMost: number;
}

/** Options of {@link highestRate}. */
export interface HighestRateOptions {
  /** All of them are kept, or the rate is too high. */
  readonly promises: readonly ServicePromise[];
  /** Servers drawn. @default 20 */
  readonly draws?: number;
  /** @default 1 */
  readonly seed?: number;
  /** Share of rates whose interval holds the true one. @default 0.9 */
  readonly level?: number;
  /** How exactly a rate is found, as a share of it. @default 0.02 */
  readonly within?: number;
  /** @default what the server's fit, or its ceilings, say: {@link serverDoubt} */
  readonly doubt?: ServerDoubt;
}

const Fields = z.object({
  draws: z.int().min(2).max(100_000).default(20),
  seed: z.int().default(1),
  level: z.number().gt(0).lt(1).default(0.9),
  within: z.number().gt(0).lt(1).default(0.02),
  promises: z.array(z.object({ metric: z.enum(RUN_METRICS), atMost: z.number().positive() }))
    .min(1, "at least one promise"),
});

/** What {@link highestRate} comes to. Requests a second; 0: not even one request at a time. */
export interface HighestRate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  /** The promise that a little more would break first; null where no rate was too high. */
  readonly limit: RunMetric | null;
  /** What of the doubt was not measured on this server. */
  readonly assumed: readonly string[];
}

/** Rates between which is searched, times the rate of the requests as they are. */
const LEAST = 1 / 1024, MOST = 1024;
/** A drawn server is first looked for so far from the undrawn one's rate. */
const NEAR = 1.15;

/**
 * The highest rate at which a server keeps its promises: the same requests, only faster or slower. The
 * interval comes from the same search on many servers, each as the true one may be.
 *
 * A run of a few hundred requests has no exact P99, and bursts of these arrivals are all that it knows.
 * Throws an InputError for requests that have no rate.
 *
 * @example
 * const { workload: chat } = await data.openBundled("vllm_cpu_chat/chat_l5.apc.requests.jsonl.gz");
 * const server = servers.serverFor({ model: "Qwen3-1.7B", gpu: "L4" });
 * const { rate, low, high } = fidelity.highestRate(fidelity.requestsToServe(chat), server, {
 *   promises: [{ metric: "ttft_p99", atMost: 1 }, { metric: "tpot_p99", atMost: 0.05 }],
 * });
 */
export function highestRate(
  requests: RequestsToServe,
  server: ServerInput | Server | ServerFile,
  options: HighestRateOptions,
): HighestRate {
  const { draws, seed, level, within, promises } = parseWith(Fields, options, "highest rate");
  const { arrival, size } = requests;
  const span = arrival[size - 1] - arrival[0];
  if (!(span > 0)) {
    const expected = "at least two requests at different instants";
    throw new InputError({ file: "highest rate", field: "arrival", value: `${size}`, expected });
  }
  const own = (size - 1) / span;
  const nominal = serverOf(server);
  const { doubt = serverDoubt(nominal) } = options;
  const broken = (on: Server, clock: MachineClock | null, rate: number): RunMetric | null => {
    const scaled = { ...requests, arrival: arrival.map((at) => (at - arrival[0]) * own / rate) };
    const serve = (of: RequestsToServe) => simulateRecording(of, on, null);
    const metrics = runMetrics(
      scaled,
      clock === null ? serve(scaled) : onClock(clock, scaled, serve),
    );
    return promises.find(({ metric, atMost }) => metrics[metric] > atMost)?.metric ?? null;
  };
  const bounds = [own * LEAST, own * MOST] as const;
  const found = search((rate) => broken(nominal, null, rate), { bounds, from: own, within });
  const { rate, limit } = found;
  const horizon = 2 * (size - 1) / (rate > 0 ? rate : bounds[0]);
  const rates = drawServers(nominal, { draws, seed, doubt, horizon }).map((drawn) =>
    search((at) => broken(drawn.server, drawn.clock, at), {
      ...{ bounds, within },
      from: rate > 0 ? rate : bounds[0],
      step: NEAR,
    }).rate
  );
  const interval = intervalAround(rate, Float64Array.from(rates), level);
  return { rate, limit, assumed: doubt.assumed, ...interval };
}

interface SearchOptions {
  readonly bounds: readonly [number, number];
  readonly from: number;
  readonly within: number;
  /** Factor of the first steps away from `from`; it grows as it goes. @default 2 */
  readonly step?: number;
}

/** Largest rate that breaks nothing, by steps away from a guess and then by halves, in logarithms. */
function search(
  broken: (rate: number) => RunMetric | null,
  { bounds: [least, most], from, within, step = 2 }: SearchOptions,
): { readonly rate: number; readonly limit: RunMetric | null } {
  let kept = NaN, tooMuch = NaN;
  let limit: RunMetric | null = null;
  const look = (rate: number) => {
    const breaks = broken(rate);
    if (breaks === null) kept = rate;
    else [tooMuch, limit] = [rate, breaks];
    return breaks === null;
  };
  const up = look(from);
  for (let at = from, factor = step; Number.isNaN(up ? tooMuch : kept); factor *= step) {
    if (at === (up ? most : least)) return { rate: up ? most : 0, limit };
    at = up ? Math.min(most, at * factor) : Math.max(least, at / factor);
    look(at);
  }
  while (tooMuch > kept * (1 + within)) look(exp((log(kept) + log(tooMuch)) / 2));
  return { rate: kept, limit };
}
