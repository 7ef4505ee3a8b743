import type { Workload } from "../workload/workload.ts";
import type { AnswerTruth } from "./answers/answer-model.ts";

/** The row of a live run's request, by the id that its server sees. */
export function rowOf(id: string): number {
  return Number(id.split("-").at(-2));
}

/**
 * Tells a twin how long the answers to a live run of `workload` really are, which the scheduler is
 * not told: then the twin generates what the simulator does.
 *
 * @example
 * const twin = await live.startTwin({ clock: "virtual", truth: live.truthOf(workload) });
 */
export function truthOf({ truth }: Workload): (id: string) => AnswerTruth | undefined {
  return (id) => {
    const row = rowOf(id);
    // A warm-up's request is none of the workload's.
    if (!(row in truth.outputTokens)) return undefined;
    return { tokens: truth.outputTokens[row], words: truth.outputWords?.[row] };
  };
}
