import type { Run } from "../runs/run.ts";
import { runOfGateway } from "../simulation/run-of-gateway.ts";
import type { Workload } from "../workload/workload.ts";
import type { JournaledGateway } from "./journaled-gateway.ts";

/**
 * What a live run came to, as any other run, measured. The gateway's run must have ended.
 *
 * @param engine what served, for provenance
 */
export function runOf(
  workload: Workload,
  { state }: JournaledGateway,
  engine: Readonly<Record<string, unknown>>,
): Run {
  return runOfGateway(workload, state, { engine });
}
