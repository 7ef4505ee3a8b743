import type { DrawnServer } from "../fidelity/doubt/draw-servers.ts";
import { onClock } from "../fidelity/doubt/machine-clock.ts";
import { type Run, STATUSES } from "../runs/run.ts";
import type { Server } from "../servers/server.ts";
import { simulate } from "../simulation/simulate.ts";
import type { Workload } from "../workload/workload.ts";
import type { Alternative } from "./alternative.ts";

/** What became of the requests of a log under an alternative. Shape (n), seconds; NaN: never. */
export type Served = Pick<Run, "arrival" | "start" | "firstToken" | "finish" | "outputTokens">;

const COMPLETED = STATUSES.indexOf("completed");

/** Serves a log on an alternative's servers, each like `server`. */
export function serveAlternative(
  workload: Workload,
  { policy, estimator, dispatch, servers }: Alternative,
  server: Server,
): Served {
  const run = simulate(workload, {
    scheduler: { policy, estimator: estimator.choice },
    dispatch,
    server: Array.from({ length: servers }, () => server),
  });
  const { arrival, start, firstToken, outputTokens } = run;
  // One that a server refused has an end, but no answer.
  const finish = run.finish.map((at, row) => run.status[row] === COMPLETED ? at : NaN);
  return { arrival, start, firstToken, finish, outputTokens };
}

/**
 * {@link serveAlternative} on a server that was drawn, and on its machine's clock. Several servers share
 * one day: they are all as fast, and stray together.
 */
export function serveDrawn(
  workload: Workload,
  alternative: Alternative,
  { server, clock }: DrawnServer,
): Served {
  const { requests } = workload;
  // A small log may be drawn so that nothing is left that the server takes.
  if (!someFit(workload, server)) return nothingServed(workload);
  const served = onClock(clock, requests, (of) => {
    const { start, ...run } = serveAlternative({ ...workload, requests: of }, alternative, server);
    return { ...run, start: start.map((work) => clock.instantOf(work)) };
  });
  return { ...served, arrival: requests.arrival };
}

function someFit({ requests, truth }: Workload, { config }: Server): boolean {
  return requests.promptTokens.some((tokens, row) =>
    tokens + truth.outputTokens[row] <= config.max_model_len
  );
}

function nothingServed({ requests: { size, arrival }, truth }: Workload): Served {
  const never = new Float64Array(size).fill(NaN);
  return {
    arrival,
    start: never,
    firstToken: never,
    finish: never,
    outputTokens: truth.outputTokens,
  };
}
