import type { Workload, WorkloadProvenance } from "../workload.ts";

/** The provenance of `workload` after one more step, told in words. */
export function withStep({ provenance }: Workload, step: string): WorkloadProvenance {
  return { ...provenance, steps: [...provenance.steps ?? [], step] };
}
