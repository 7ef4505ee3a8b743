import { InputError } from "../../errors/input-error.ts";
import { exactSteps } from "../budget/exact-steps.ts";
import type { Recording } from "./fit-request-overhead.ts";
import type { LoggedStats } from "./fit-stats.ts";
import { iterationLogs } from "./iteration-log.ts";
import { type LoggedServer, type LoggedSteps, loggedSteps } from "./logged-steps.ts";
import type { ServerLog } from "./server-log.ts";

/** A log with what of the server's flags it has to be read with; these are absent where unknown. */
export interface DescribedLog {
  readonly log: ServerLog;
  readonly server?: LoggedServer;
  /** The run's own requests, where they are known: with these the load of each step is exact. */
  readonly recording?: Recording;
}

/**
 * What logs of one server can be fitted to: the steps of their engines, or where none of them has
 * iterations, windows of stats lines.
 *
 * @throws InputError for a log without either, of another engine, or with draft tokens
 */
export function fittable(
  logs: readonly DescribedLog[],
): { readonly steps: LoggedSteps[]; readonly stats: LoggedStats[] } {
  const coarse = logs.every(({ log }) =>
    log.iterations.length === 0 && log.unreadable === 0 && log.stats.length > 0
  );
  if (coarse) return { steps: [], stats: logs.flatMap(statsOf) };
  return { steps: logs.flatMap(stepsOf), stats: [] };
}

const OR_STATS = ", or at least its ordinary stats lines (`Avg prompt throughput: …`)";

function stepsOf({ log, server, recording }: DescribedLog): LoggedSteps[] {
  const steps = iterationLogs(log, OR_STATS).map((iterations) => loggedSteps(iterations, server));
  const whole = steps.length === 1 && steps[0].size === log.iterations[0].read;
  if (!whole || recording === undefined) return steps;
  return [exactSteps(steps[0], recording.requests, recording.description.server)];
}

function statsOf({ log, server }: DescribedLog): LoggedStats[] {
  const refuse = (expected: string) => new InputError({ file: log.source, expected });
  if (log.speculates) {
    throw refuse(
      "a server without speculative decoding: the log has lines of `SpecDecoding metrics`, so a " +
        "step generates more tokens than it has sequences",
    );
  }
  if (log.aggregated > 1) {
    throw refuse(
      "stats lines by engine, without --aggregate-engine-logging: these are sums over " +
        `${log.aggregated} engines`,
    );
  }
  const cache = server && {
    capacity: (server.num_gpu_blocks - 1) * server.block_size,
    blockSize: server.block_size,
  };
  return log.stats.map(({ engine, windows, usable, leftOut }, i) => ({
    ...{ source: log.source, engine, windows, usable, leftOut, cache },
    otherLines: i === 0 ? log.otherLines : 0,
  }));
}
