import { join } from "node:path";
import { writeAtomically } from "../../files/write-atomically.ts";
import { gatherProvenance } from "../gather-provenance.ts";
import { exportIndex } from "../html/export-index.ts";
import { mapParallel } from "./map-parallel.ts";
import { type NotebookReport, runReport, type RunReportOptions } from "./run-report.ts";
import type { SelectedNotebook } from "./select-notebooks.ts";

export interface RunReportsOptions extends Omit<RunReportOptions, "provenance"> {
  /** Folder of the workbench: its commit, lock and data go into the provenance. */
  readonly root: string;
  /** Kernels at work at the same time. @default the cores of the machine */
  readonly parallel?: number;
}

export interface ReportsResult {
  readonly notebooks: readonly NotebookReport[];
  /** Path of the index of the reports. */
  readonly index: string;
}

/** {@link runReport} for each notebook, several at a time, and an index of the reports. */
export async function runReports(
  selected: readonly SelectedNotebook[],
  options: RunReportsOptions,
): Promise<ReportsResult> {
  const { root, parallel = navigator.hardwareConcurrency, ...each } = options;
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const directory = join(options.figures, "reports");
  await Deno.mkdir(directory, { recursive: true });
  const provenance = await gatherProvenance(root);
  try {
    const notebooks = await mapParallel(
      selected,
      parallel,
      (notebook) => runReport(notebook, { ...each, provenance }),
    );
    const entries = notebooks.map(({ name, title, failures, durationSeconds }) => ({
      name,
      title,
      href: `${encodeURIComponent(name)}.html`,
      failed: failures.length > 0,
      durationSeconds,
    }));
    const durationSeconds = (performance.now() - start) / 1000;
    const whole = { ...provenance, parameters: {}, startedAt, durationSeconds };
    const index = join(directory, "index.html");
    await writeAtomically(index, exportIndex(entries, { provenance: whole }));
    return { notebooks, index };
  } finally {
    options.progress?.stop();
  }
}
