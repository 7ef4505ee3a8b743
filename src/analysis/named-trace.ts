import type { Workload } from "../workload/workload.ts";

/** A trace with its name in tables and figures. */
export interface NamedTrace {
  readonly trace: string;
  readonly workload: Workload;
}
