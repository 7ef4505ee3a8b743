import type { RunProvenance } from "./run.ts";

/** Name of the policy that a run was served under, as its provenance says; undefined: it does not. */
export function policyNameOf({ scheduler }: RunProvenance): string | undefined {
  return nameOf(scheduler.policy);
}

/** Name of the run's estimator. */
export function estimatorNameOf({ scheduler }: RunProvenance): string | undefined {
  return nameOf(scheduler.estimator);
}

/** Whether the run's lengths are whitespace words; else they are tokens. */
export function countsWords({ scheduler }: RunProvenance): boolean {
  // Runs of version 1 keep the estimator's options under `estimate`.
  const { estimate, estimator } = scheduler as {
    estimate?: { counting?: unknown };
    estimator?: { options?: { counting?: unknown } };
  };
  return (estimator?.options?.counting ?? estimate?.counting) === "split";
}

function nameOf(choice: unknown): string | undefined {
  if (typeof choice === "string") return choice;
  const name = (choice as { name?: unknown } | undefined)?.name;
  return typeof name === "string" ? name : undefined;
}
