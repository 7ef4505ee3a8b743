import { priceLoads } from "../../servers/costs/price-loads.ts";
import type { Server } from "../../servers/server.ts";
import type { MachineClock } from "../doubt/machine-clock.ts";
import type { LoggedSteps } from "../fit/logged-steps.ts";
import { SEGMENT } from "../fit/machine-drift.ts";
import type { RecordedRequests } from "../recorded-run.ts";
import { recordedClientTimes } from "./recorded-client.ts";
import { recordedSchedule } from "./recorded-schedule.ts";
import { recordedClock, recordedTimeline } from "./recorded-timeline.ts";

/**
 * The clock of the machine in a recorded run, in seconds of the server's step cost: a speed for each
 * stretch of iterations, as the fit tells a machine's drift from a server's cost. Null where the log
 * does not say when iterations began: of other requests, or under asynchronous scheduling.
 */
export function stretchClock(
  requests: RecordedRequests,
  { config, cost }: Server,
  steps: LoggedSteps,
): MachineClock | null {
  if (config.async_scheduling) return null;
  const schedule = recordedSchedule(requests, steps, config);
  if (typeof schedule === "string") return null;
  const client = recordedClientTimes(requests);
  const timeline = recordedTimeline(requests, schedule, { seconds: steps.seconds, client });
  return recordedClock(timeline, priceLoads(cost, schedule), SEGMENT);
}
