import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { type Server, type ServerInput, serverOf } from "../../servers/server.ts";
import type { ServerFile } from "../../servers/costs/server-file.ts";
import { greatest } from "../../statistics/known.ts";
import type { RecordedClient } from "../recorded-run.ts";
import {
  byMetric,
  type RunMetric,
  type RunMetrics,
  runMetrics,
  type TokenTimes,
} from "../run-metrics.ts";
import { type RequestsToServe, simulateRecording } from "../simulate-recording.ts";
import { intervalAround } from "./interval-around.ts";
import { drawServers } from "./draw-servers.ts";
import { onClock } from "./machine-clock.ts";
import { type ServerDoubt, serverDoubt } from "./server-doubt.ts";

/** Serves requests on a server, and says when their tokens came (and how much context was shared). */
export type Serve = (
  requests: RequestsToServe,
  server: Server,
) => TokenTimes & { readonly sharedContext?: number };

/** Options of {@link predictionIntervals}. */
export interface IntervalOptions {
  /** Servers drawn. @default 60 */
  readonly draws?: number;
  /** @default 1 */
  readonly seed?: number;
  /** Share of predictions whose interval holds what happens. @default 0.9 */
  readonly level?: number;
  /** @default what the server's fit, or its ceilings, say: {@link serverDoubt} */
  readonly doubt?: ServerDoubt;
  /** The queue in front of the server. @default null: none */
  readonly client?: RecordedClient | null;
  /** How it is served, where there is more than a client's queue. @default by {@link client} */
  readonly serve?: Serve;
}

const Fields = z.object({
  draws: z.int().min(2).max(100_000).default(60),
  seed: z.int().default(1),
  level: z.number().gt(0).lt(1).default(0.9),
});

/** Difference of shared context, as a share, up to which its price does not matter. */
const SHARED_ALIKE = 0.05;
const SHARED_PRICE = "a shared token of context costs between nothing and as much as an own one";

/** A number that is predicted, and where it may come to lie. */
export interface PredictedNumber {
  readonly predicted: number;
  readonly low: number;
  readonly high: number;
}

/** The numbers of a run with their intervals. */
export type PredictedMetrics = Readonly<Record<RunMetric, PredictedNumber>>;

/** What {@link predictionIntervals} comes to. */
export interface PredictionIntervals {
  readonly level: number;
  readonly metrics: PredictedMetrics;
  /**
   * The numbers of each drawn server, shape (draws). Of one seed, draw i of two servers is on the same
   * day: the interval of a difference is that of the differences.
   */
  readonly samples: Readonly<Record<RunMetric, Float64Array>>;
  /** What of the doubt was not measured on this server. */
  readonly assumed: readonly string[];
}

/**
 * Predicts the numbers of a run with intervals: the whole run is simulated on many servers, each as the
 * true one may be (`draws` of them), and an interval holds the middle `level` of what comes out. So it
 * widens by itself where a run hangs on the server's speed, as it does near capacity. An interval
 * always holds its own prediction.
 *
 * @example
 * const { workload: chat } = await data.openBundled("vllm_cpu_chat/chat_l5.apc.requests.jsonl.gz");
 * const cpu = await data.loadServerFile("vllm-cpu-0.05b");
 * const config = { max_model_len: 4096, num_gpu_blocks: 4096, max_num_seqs: 32 };
 * const { metrics } = fidelity.predictionIntervals(fidelity.requestsToServe(chat), {
 *   cost: cpu,
 *   config,
 * });
 * const { predicted, low, high } = metrics.e2e_p99;
 */
export function predictionIntervals(
  requests: RequestsToServe,
  server: ServerInput | Server | ServerFile,
  options: IntervalOptions = {},
): PredictionIntervals {
  const { client = null } = options;
  const { draws, seed, level } = parseWith(Fields, options, "prediction intervals");
  const own = serverOf(server);
  const {
    doubt = serverDoubt(own),
    serve = (of, on) => simulateRecording(of, on, client),
  } = options;
  const nominal = serve(requests, own);
  const last = greatest(nominal.finish);
  const drawn = drawServers(own, {
    ...{ draws, seed, doubt, sharedContext: nominal.sharedContext },
    horizon: Number.isNaN(last) ? 0 : last,
  });
  const runs = drawn.map(({ server: on, clock }) =>
    runMetrics(requests, onClock(clock, requests, (of) => serve(of, on)))
  );
  const point = runMetrics(requests, nominal);
  const { sharedContext = 0 } = nominal;
  const otherwise = Math.abs(sharedContext - doubt.sharedContext) > SHARED_ALIKE;
  return {
    level,
    ...intervalsOf(point, runs, level),
    assumed: otherwise ? [...doubt.assumed, SHARED_PRICE] : doubt.assumed,
  };
}

function intervalsOf(point: RunMetrics, runs: readonly RunMetrics[], level: number) {
  const samples = byMetric((metric) => Float64Array.from(runs, (run) => run[metric]));
  const metrics = byMetric((metric): PredictedNumber => {
    const predicted = point[metric];
    return { predicted, ...intervalAround(predicted, samples[metric], level) };
  });
  return { samples, metrics };
}
