import type { Workload } from "../../../../src/workload/workload.ts";

/** The row of a live run's request, by the id that its server sees. */
export function rowOf(id: string): number {
  return Number(id.split("-").at(-2));
}

/** Tells a twin how long the answers to a live run of `workload` really are. */
export function truthOf({ truth }: Workload) {
  return (id: string) => {
    const row = rowOf(id);
    return { tokens: truth.outputTokens[row], words: truth.outputWords?.[row] };
  };
}
