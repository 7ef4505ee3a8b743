import { fitStepCost } from "./fit-step-cost.ts";
import type { LoggedSteps } from "./logged-steps.ts";
import type { ServerFile } from "../../servers/costs/server-file.ts";
import { fitRequestOverhead, type Recording } from "./fit-request-overhead.ts";

/** What a server is fitted to. */
export interface FitServerInput {
  readonly name: string;
  /** Iterations by log, at least one log. */
  readonly steps: readonly LoggedSteps[];
  /** Client logs of runs of the same server; without any the overhead per request stays 0. */
  readonly recordings: readonly Recording[];
}

/** A fitted server, and whether the client logs told what a request costs on top of its steps. */
export interface FittedServer {
  readonly file: ServerFile;
  readonly overheadKnown: boolean;
}

/** Fits what steps cost to iteration logs, and what a request costs on top to client logs. */
export function fitServer({ name, steps, recordings }: FitServerInput): FittedServer {
  const { cost, report } = fitStepCost(steps);
  const file: ServerFile = {
    ...{ name, source: "deno task fit, from vLLM's iteration log", cost, perRequest: 0 },
    fit: report,
  };
  const perRequest = recordings.length > 0 ? fitRequestOverhead(file, recordings) : null;
  return { file: { ...file, perRequest: perRequest ?? 0 }, overheadKnown: perRequest !== null };
}
