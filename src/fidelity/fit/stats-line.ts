import { type LogPrefix, readPrefix } from "./log-prefix.ts";

/** What vLLM says of itself every ten seconds. */
export interface StatsLine extends LogPrefix {
  /** Engines that the line sums up; 1 unless `--aggregate-engine-logging` is on. */
  readonly engines: number;
  /** Tokens a second since the line before. */
  readonly promptRate: number;
  readonly generationRate: number;
  /** Requests at the moment of the print. */
  readonly running: number;
  readonly waiting: number;
  /** Share of the KV cache in use at that moment, 0 to 1; NaN where the line doesn't say. */
  readonly kvUsage: number;
  /** Requests preempted since the line before. */
  readonly preemptions: number;
  /** Share of the prompt tokens of late that were cached, 0 to 1; 0 where the line doesn't say. */
  readonly hitRate: number;
}

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const RATES = new RegExp(
  String.raw`Avg prompt throughput: ${NUMBER} tokens/s, ` +
    String.raw`Avg generation throughput: ${NUMBER} tokens/s, Running: (\d+) reqs`,
);
const WAITING = /(?:Waiting|Pending): (\d+) reqs/;
const USAGE = /KV cache usage: (\d+(?:\.\d+)?)%/;
const PREEMPTIONS = /Preemptions: (\d+)/;
const HIT_RATE = /Prefix cache hit rate: (?:GPU: )?(\d+(?:\.\d+)?)%/;
const AGGREGATED = /(\d+) Engines Aggregated: /;

/**
 * Reads vLLM's ordinary stats line, of any version since 0.3; null for another line:
 *
 *     … Engine 000: Avg prompt throughput: 93.9 tokens/s, Avg generation throughput: 13.0 tokens/s,
 *     Running: 1 reqs, Waiting: 0 reqs, GPU KV cache usage: 0.4%, Prefix cache hit rate: 0.0%
 *
 * Source: `LoggingStatLogger` of vLLM.
 */
export function readStatsLine(line: string): StatsLine | null {
  if (!line.includes("Avg prompt throughput")) return null;
  const found = RATES.exec(line);
  if (found === null) return null;
  const [promptRate, generationRate, running] = found.slice(1).map(Number);
  const number = (pattern: RegExp, otherwise: number) =>
    Number(pattern.exec(line)?.[1] ?? otherwise);
  return {
    ...readPrefix(line.slice(0, found.index)),
    engines: number(AGGREGATED, 1),
    promptRate,
    generationRate,
    running,
    waiting: number(WAITING, 0),
    kvUsage: number(USAGE, NaN) / 100,
    preemptions: number(PREEMPTIONS, 0),
    hitRate: number(HIT_RATE, 0) / 100,
  };
}
