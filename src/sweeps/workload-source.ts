import { generateWorkload } from "../workload/generators/generate-workload.ts";
import type { WorkloadSpecInput } from "../workload/generators/workload-spec.ts";
import type { Requests, Workload } from "../workload/workload.ts";

/** A workload as a value that can cross to a worker: how to make it, or its columns. */
export type WorkloadSource =
  | GeneratorSource
  | { readonly source: "spec"; readonly spec: WorkloadSpecInput }
  | { readonly source: "columns"; readonly workload: PlainWorkload };

/**
 * A function that makes the workload, and what it is given. One from `fromModule` runs in workers; any
 * other function in this thread only.
 */
export interface GeneratorSource<P = unknown> {
  readonly source: "generator";
  // A method, so that a generator of particular parameters is one of `unknown`.
  generate(parameters: P): Workload;
  readonly parameters: P;
}

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
    case "generator": {
      const { generate, parameters } = source;
      return generate(parameters);
    }
    case "spec":
      return generateWorkload(source.spec);
    case "columns":
      return source.workload;
  }
}
