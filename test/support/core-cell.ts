import { summarizeRun } from "../../src/analysis/summarize-run.ts";
import { simulate } from "../../src/paper/simulate.ts";
import { exp } from "../../src/math/exp.ts";
import { log } from "../../src/math/log.ts";
import { log2 } from "../../src/math/log2.ts";
import { logGamma } from "../../src/math/log-gamma.ts";
import { normalCdf, normalQuantile } from "../../src/math/normal-distribution.ts";
import { sinTurns } from "../../src/math/sin-turns.ts";
import { substream } from "../../src/random/substream.ts";
import { writeRunJson } from "../../src/runs/run-json.ts";
import { generateWorkload } from "../../src/workload/generators/generate-workload.ts";
import type { WorkloadSpecInput } from "../../src/workload/generators/workload-spec.ts";
import { paperWorkload } from "../../src/paper/workload.ts";

/** A cell of the paper's grid as text from which every bit of it can be had back. */
export interface CoreCell {
  /** The run's own file: all columns, one line each. */
  readonly run: string;
  /** One line a number: name, value. */
  readonly summary: string;
}

/** Runs one cell of 3,000 requests. Called in Deno and, bundled, in a browser. */
export function coreCell(policy: string, counting: "split" | "tokenizer"): CoreCell {
  const run = simulate(paperWorkload({ seed: 7 }), {
    scheduler: { policy, estimator: { options: { counting } } },
  });
  const { names, values } = summarizeRun(run);
  return {
    run: writeRunJson(run),
    summary: names.map((name, i) => `${name} ${values[i]}`).join("\n"),
  };
}

const FUNCTIONS = { exp, log, log2, logGamma, normalCdf, normalQuantile, sinTurns };

/** 32-bit FNV of numbers, of every bit of them. */
function hashOf(numbers: Iterable<number>): number {
  const bits = new DataView(new ArrayBuffer(8));
  let hash = 0;
  for (const value of numbers) {
    bits.setFloat64(0, value);
    hash = Math.imul(hash ^ bits.getInt32(0), 0x01000193);
    hash = Math.imul(hash ^ bits.getInt32(4), 0x01000193);
  }
  return hash;
}

/** What our own functions give for 20,000 arguments a scale, as one number each. */
export function mathFingerprint(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, compute]) => {
      const random = substream(1, `math/${name}`);
      const values = [1e-6, 1e-3, 1e-1, 1, 10, 100, 700].flatMap((scale) =>
        Array.from({ length: 20_000 }, () => compute(scale * random.next()))
      );
      return [name, hashOf(values)];
    }),
  );
}

const variation = { rate: 5, cv: 2.5 };
const ARRIVALS: readonly WorkloadSpecInput["streams"][number]["arrivals"][] = [
  { process: "gamma", ...variation },
  { process: "weibull", ...variation },
  { process: "on-off", onRate: 20, onSeconds: 5, offSeconds: 10 },
  { process: "diurnal", rate: 5, peakToTrough: 4, periodSeconds: 300 },
  { process: "ramp", fromRate: 1, toRate: 9, seconds: 400, cv: 0.7 },
  { process: "vllm-bench", rampUp: { strategy: "exponential", startRate: 1, endRate: 50 } },
];

/** What generators draw of each arrival process, with lengths of several laws, as one number each. */
export function generatorFingerprint(): Record<string, number> {
  return Object.fromEntries(ARRIVALS.map((arrivals) => {
    const { requests, truth } = generateWorkload({
      requests: 5000,
      streams: [{
        arrivals,
        classes: [{
          prompt: { model: "lognormal", mean: 700, cv: 1.5 },
          output: { model: "zipf", exponent: 1.1, max: 4000 },
          correlation: 0.4,
        }],
      }],
      drift: [{ drift: "periodic", periodSeconds: 200, factor: 3 }],
    });
    const columns = [requests.arrival, requests.promptTokens, truth.outputTokens];
    return [arrivals.process, hashOf(columns.flatMap((column) => Array.from(column)))];
  }));
}
