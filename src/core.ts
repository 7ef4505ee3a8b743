/**
 * The platform-free part of the workbench: what simulates, estimates and sums up, without a file, a
 * network, a clock or a thread. It runs the same in Deno, in a worker and in a browser, at most 250 kB
 * gzipped, and importing it has no side effect. Notebooks import `driftsched` (`mod.ts`): this entry,
 * the figures (also platform-free, but as large again with Observable Plot), and the parts that need
 * a platform.
 *
 * @module
 */
export { InputError } from "./errors/input-error.ts";
export { parseWith } from "./errors/parse-with.ts";
export { CALIBRATORS } from "./estimation/calibrators/registry.ts";
export type { Estimator, EstimatorDefinition } from "./estimation/estimator.ts";
export { ESTIMATORS } from "./estimation/registry.ts";
export type { SchedulerOptionsInput } from "./gateway/options.ts";
export { simulate } from "./paper/simulate.ts";
export { paperWorkload, type PaperWorkloadInput } from "./paper/workload.ts";
export type { Policy, PolicyDefinition, PolicyView } from "./policies/policy.ts";
export { POLICIES } from "./policies/registry.ts";
export type { Run } from "./runs/run.ts";
export { workloadOfRun } from "./runs/workload-of-run.ts";
export { type Server, type ServerInput, serverOf } from "./servers/server.ts";
export type { SimulateOptions } from "./simulation/simulate.ts";
export { fitWorkload } from "./workload/generators/fit/fit-workload.ts";
export { generateWorkload } from "./workload/generators/generate-workload.ts";
export type { LengthModel } from "./workload/lengths/length-model.ts";
export type { Labels, Requests, Truth, Workload } from "./workload/workload.ts";
export { DETECTORS } from "./estimation/detectors/registry.ts";
export { ROUTERS } from "./gateway/routers/registry.ts";
export { SERVER_POLICIES } from "./servers/policies/registry.ts";
export type {
  ServerPolicy,
  ServerPolicyDefinition,
  ServerView,
} from "./servers/policies/server-policy.ts";

export * as estimation from "./api/estimation.ts";
export * as fidelity from "./api/fidelity.ts";
export * as runs from "./api/runs.ts";
export * as servers from "./api/servers.ts";
export * as statistics from "./api/statistics.ts";
export * as tables from "./api/tables.ts";
export * as workloads from "./api/workloads.ts";
