import type { RunProvenance } from "./run.ts";

/** Name of the policy that a run was served under, as its provenance says; undefined: it does not. */
export function policyNameOf({ scheduler }: RunProvenance): string | undefined {
  const { policy } = scheduler as { policy?: unknown };
  if (typeof policy === "string") return policy;
  const name = (policy as { name?: unknown } | undefined)?.name;
  return typeof name === "string" ? name : undefined;
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
