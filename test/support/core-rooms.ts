/** Rooms of `src/` that use no Deno or Node API, so that the same code runs in a reader's browser. */
export const CORE: readonly string[] = [
  "errors",
  "math",
  "random",
  "csv",
  "workload",
  "estimation",
  "policies",
  "scheduler",
  "engines",
  "runs",
  "analysis",
  "figures",
];
