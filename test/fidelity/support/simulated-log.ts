import type { LoggedSteps } from "../../../src/fidelity/fit/logged-steps.ts";
import type { RecordedRequests } from "../../../src/fidelity/recorded-run.ts";
import type { RequestsToServe } from "../../../src/fidelity/simulate-recording.ts";
import { serve } from "../../../src/servers/continuous/serve.ts";
import type { Server } from "../../../src/servers/server.ts";
import type { StepCost } from "../../../src/servers/costs/step-cost.ts";

/** A recording whose truth is known: served step by step at a cost, its log written as vLLM does. */
export interface SimulatedRun {
  readonly requests: RecordedRequests;
  readonly steps: LoggedSteps;
}

/** Serves requests at `cost` (not the server's own), and logs each iteration. */
export function simulateRun(
  requests: RequestsToServe,
  { config }: Server,
  cost: StepCost,
): SimulatedRun {
  const rows: number[][] = [];
  const { firstToken, finish } = serve(requests, config, {
    cost,
    stepping: "stepwise",
    observe({ step }) {
      if (step.sequences === 0) return;
      const { decoding: b, context, prefilling, prefillTokens, prefillPairs } = step;
      const seconds = cost.base[b] + cost.perContextToken[b] * context +
        cost.perPrefillToken * prefillTokens + (cost.perPrefillSequence ?? 0) * prefilling +
        (cost.perPrefillPair ?? 0) * prefillPairs;
      rows.push([b, context, prefilling, prefillTokens, prefillPairs, seconds]);
    },
  });
  const counts = (at: number) => Int32Array.from(rows, (row) => row[at]);
  const numbers = (at: number) => Float64Array.from(rows, (row) => row[at]);
  return {
    requests: {
      ...requests,
      id: Array.from({ length: requests.size }, (_, row) => String(row)),
      ...{ firstToken, finish, sent: requests.arrival },
    },
    steps: {
      ...{ source: "simulated", size: rows.length, refused: 0, otherLines: 0 },
      ...{ decoding: counts(0), context: numbers(1), prefilling: counts(2) },
      ...{ prefillTokens: counts(3), prefillPairs: numbers(4), seconds: numbers(5) },
      recomputes: new Uint8Array(rows.length),
      printedAt: new Float64Array(rows.length).fill(NaN),
    },
  };
}
