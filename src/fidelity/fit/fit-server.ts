import { fitStats, type LoggedStats } from "./fit-stats.ts";
import { fitStepCost } from "./fit-step-cost.ts";
import type { LoggedSteps } from "./logged-steps.ts";
import type { ServerFile } from "../../servers/costs/server-file.ts";
import { fitRequestOverhead, type Recording } from "./fit-request-overhead.ts";

/** What a server is fitted to. */
export interface FitServerInput {
  readonly name: string;
  /** Iterations by log; those of several engines are of one server. */
  readonly steps: readonly LoggedSteps[];
  /** Where no iterations were logged: what ordinary stats lines say, by engine. @default none */
  readonly stats?: readonly LoggedStats[];
  /** Client logs of runs of the same server; without any the overhead per request stays 0. */
  readonly recordings: readonly Recording[];
}

/** A fitted server, and whether the client logs told what a request costs on top of its steps. */
export interface FittedServer {
  readonly file: ServerFile;
  readonly overheadKnown: boolean;
}

/**
 * Fits what steps cost to iteration logs, or coarsely to stats lines, and what a request costs on top
 * to client logs.
 */
export function fitServer({ name, steps, stats = [], recordings }: FitServerInput): FittedServer {
  const coarse = steps.length === 0;
  const { cost, report } = coarse ? fitStats(stats) : fitStepCost(steps);
  const source = `deno task fit, ${
    coarse ? "coarsely from vLLM's stats lines" : "from vLLM's iteration log"
  }`;
  const file: ServerFile = { ...{ name, source, cost, perRequest: 0 }, fit: report };
  const prefillKnown = cost.perPrefillToken !== null;
  const perRequest = prefillKnown && recordings.length > 0
    ? fitRequestOverhead(file, recordings)
    : null;
  return { file: { ...file, perRequest: perRequest ?? 0 }, overheadKnown: perRequest !== null };
}
