import { generateWorkload } from "../workload/generators/generate-workload.ts";
import type { WorkloadSpecInput } from "../workload/generators/workload-spec.ts";
import { paperWorkload, type PaperWorkloadInput } from "../paper/workload.ts";
import type { Requests, Workload } from "../workload/workload.ts";

/** A workload as a value that can cross to a worker: how to make it, or its columns. */
export type WorkloadSource =
  | { readonly source: "paper"; readonly parameters: PaperWorkloadInput }
  | { readonly source: "spec"; readonly spec: WorkloadSpecInput }
  | { readonly source: "columns"; readonly workload: PlainWorkload };

/** A workload without its prompt text, which is a function and stays behind. */
export type PlainWorkload = Omit<Workload, "requests"> & {
  readonly requests: Omit<Requests, "promptText">;
};

/** The columns of a workload that holds lengths but no text; refuses to drop text in silence. */
export function columnsOf(workload: Workload): WorkloadSource {
  if (workload.requests.promptText !== undefined) {
    throw new TypeError(
      `Cannot send the prompts of ${workload.name} to a worker: name the generator instead`,
    );
  }
  return { source: "columns", workload };
}

/** Makes the workload of a source. */
export function makeWorkload(source: WorkloadSource): Workload {
  switch (source.source) {
    case "paper":
      return paperWorkload(source.parameters);
    case "spec":
      return generateWorkload(source.spec);
    case "columns":
      return source.workload;
  }
}
