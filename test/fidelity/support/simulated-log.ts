import type { LoggedSteps } from "../../../src/fidelity/fit/logged-steps.ts";
import { loggedSteps } from "../../../src/fidelity/fit/logged-steps.ts";
import type { RecordedRequests } from "../../../src/fidelity/recorded-run.ts";
import type { RequestsToServe } from "../../../src/fidelity/simulate-recording.ts";
import { serve } from "../../../src/servers/continuous/serve.ts";
import type { Server } from "../../../src/servers/server.ts";
import type { StepCost } from "../../../src/servers/costs/step-cost.ts";

/** A recording whose truth is known. */
export interface SimulatedRun {
  readonly requests: RecordedRequests;
  /** Iterations as vLLM's log counts them. */
  readonly steps: LoggedSteps;
  /** The load that they really had. */
  readonly truth: Pick<
    LoggedSteps,
    "decoding" | "context" | "prefilling" | "prefillTokens" | "prefillPairs"
  >;
  readonly preemptions: number;
}

/**
 * Serves requests step by step at `cost` (not the server's own), and logs each iteration as vLLM does:
 * who is past its first token counts as generating, also while it recomputes after a preemption.
 */
export function simulateRun(
  requests: RequestsToServe,
  { config }: Server,
  cost: StepCost,
): SimulatedRun {
  const { size, promptTokens } = requests;
  const rows: number[][] = [];
  const truth: number[][] = [];
  const computed = new Int32Array(size);
  const begun = new Uint8Array(size);
  const scheduled = new Int32Array(config.max_num_seqs);
  const tokens = new Int32Array(config.max_num_seqs);
  const served = serve(requests, config, {
    cost,
    stepping: "stepwise",
    observe(core) {
      const { step } = core;
      if (step.sequences === 0) return;
      for (let i = 0; i < step.admitted.size; i++) {
        computed[step.admitted.items[i]] = step.cached[i];
      }
      const counts = [0, 0, 0, 0];
      const running = core.copyScheduled(scheduled, tokens);
      for (let i = 0; i < running; i++) {
        const request = scheduled[i];
        const generates = begun[request];
        counts[2 * generates]++;
        counts[2 * generates + 1] += tokens[i];
        computed[request] += tokens[i];
        if (computed[request] >= promptTokens[request]) begun[request] = 1;
      }
      const { decoding: b, context, prefilling, prefillTokens, prefillPairs } = step;
      const seconds = cost.base[b] + cost.perContextToken[b] * context +
        cost.perPrefillToken * prefillTokens + (cost.perPrefillSequence ?? 0) * prefilling +
        (cost.perPrefillPair ?? 0) * prefillPairs;
      truth.push([b, context, prefilling, prefillTokens, prefillPairs]);
      const usage = 1 - core.freeBlocks / (config.num_gpu_blocks - 1);
      rows.push([...counts, seconds, usage]);
    },
  });
  const { firstToken, finish, cachedTokens } = served;
  const counts = (of: readonly number[][], at: number) => Int32Array.from(of, (row) => row[at]);
  const numbers = (of: readonly number[][], at: number) => Float64Array.from(of, (row) => row[at]);
  return {
    requests: {
      ...requests,
      id: Array.from({ length: size }, (_, row) => String(row)),
      ...{ firstToken, finish, sent: requests.arrival, cachedTokens },
    },
    steps: loggedSteps({
      ...{ source: "simulated", size: rows.length, refused: [], otherLines: 0 },
      ...{ contextRequests: counts(rows, 0), contextTokens: counts(rows, 1) },
      ...{ generationRequests: counts(rows, 2), generationTokens: counts(rows, 3) },
      ...{ seconds: numbers(rows, 4), kvUsage: numbers(rows, 5) },
      printedAt: new Float64Array(rows.length).fill(NaN),
    }, config),
    truth: {
      ...{ decoding: counts(truth, 0), context: numbers(truth, 1), prefilling: counts(truth, 2) },
      ...{ prefillTokens: counts(truth, 3), prefillPairs: numbers(truth, 4) },
    },
    preemptions: served.preemptions.reduce((sum, each) => sum + each, 0),
  };
}
