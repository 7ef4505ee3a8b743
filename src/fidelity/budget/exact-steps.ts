import type { LoggedSteps } from "../fit/logged-steps.ts";
import type { RecordedRequests } from "../recorded-run.ts";
import { recordedSchedule, type ScheduleFlags } from "./recorded-schedule.ts";

/**
 * Logged iterations with the load that they really had, where the requests of the run are known: the
 * log alone says how much KV cache is held, which is no measure of what sequences attend to where
 * they share blocks, and does not say who recomputes after a preemption. As logged where the log can't
 * be of these requests alone.
 */
export function exactSteps(
  steps: LoggedSteps,
  requests: RecordedRequests,
  flags: ScheduleFlags,
): LoggedSteps {
  const schedule = recordedSchedule(requests, steps, flags);
  if (typeof schedule === "string") return steps;
  const { decoding, context, prefilling, prefillTokens, prefillPairs } = schedule;
  return {
    ...steps,
    ...{ decoding, context, prefilling, prefillTokens, prefillPairs },
    recomputes: new Uint8Array(steps.size),
    logged: steps.logged ?? steps,
  };
}
