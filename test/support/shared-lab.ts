import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { JupyterEnvironment } from "../../src/reports/jupyter/environment.ts";
import { type RunningLab, startLab } from "../../src/reports/jupyter/start-lab.ts";

/** Figures and checkpoints of the notebooks run here go to this folder, not into the checkout. */
const SCRATCH = await mkdtemp(join(tmpdir(), "driftsched-lab-"));

let running: Promise<RunningLab> | undefined;

/** The JupyterLab, on a free port, that the tests of one file share; stopped after the last. */
export function sharedLab(environment: JupyterEnvironment): Promise<RunningLab> {
  running ??= startLab(environment, {
    port: 0,
    variables: { DRIFTSCHED_FIGURES: join(SCRATCH, "figures") },
    args: [`--FileCheckpoints.checkpoint_dir=${join(SCRATCH, "checkpoints")}`],
  });
  return running;
}

afterAll(async () => {
  await (await running?.catch(() => undefined))?.stop();
  running = undefined;
  await rm(SCRATCH, { recursive: true, force: true });
});
