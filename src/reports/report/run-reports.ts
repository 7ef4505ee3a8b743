import { dirname, join } from "node:path";
import { writeAtomically } from "../../files/write-atomically.ts";
import { firstLineOf } from "../cell-name.ts";
import { gatherProvenance, seedsInWords } from "../gather-provenance.ts";
import { exportHtml } from "../html/export-html.ts";
import { exportIndex } from "../html/export-index.ts";
import type { Provenance } from "../html/provenance.ts";
import { serializeNotebook } from "../notebook-file.ts";
import { runNotebook } from "../run-notebook.ts";
import type { CellFailure } from "../run-record.ts";
import { readResults, type ShownClaim } from "./claims.ts";
import { mapParallel } from "./map-parallel.ts";
import { notebookTitle } from "./notebook-title.ts";
import type { ReportProgress } from "./report-progress.ts";
import type { SelectedNotebook } from "./select-notebooks.ts";

export interface RunReportsOptions {
  /** Folder of the workbench: its commit, lock and data go into the provenance. */
  readonly root: string;
  /** Folder for figures; reports go into its `reports/`. */
  readonly figures: string;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  readonly progress?: ReportProgress;
  /** Kernels at work at the same time. @default the cores of the machine */
  readonly parallel?: number;
}

/** What became of one notebook. */
export interface NotebookReport {
  readonly name: string;
  /** Path of the HTML report. */
  readonly report: string;
  /** Path of the executed notebook. */
  readonly executed: string;
  readonly failures: readonly CellFailure[];
  readonly warnings: readonly string[];
  /** The claims of its manifest; none where the run failed: the manifest is of another run then. */
  readonly claims: readonly ShownClaim[];
  /** Paths of its figures; none where the run failed. */
  readonly figures: readonly string[];
}

export interface ReportsResult {
  readonly notebooks: readonly NotebookReport[];
  /** Path of the index of the reports. */
  readonly index: string;
}

/**
 * Executes notebooks, each in a kernel of its own, and writes for each the executed notebook and an
 * HTML report, and an index of them, also for those that failed. Files appear whole or not at all.
 */
export async function runReports(
  selected: readonly SelectedNotebook[],
  options: RunReportsOptions,
): Promise<ReportsResult> {
  const { root, figures, progress, parallel = navigator.hardwareConcurrency } = options;
  const directory = join(figures, "reports");
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const common = await gatherProvenance(root);
  await Deno.mkdir(directory, { recursive: true });

  const reportOf = async (each: SelectedNotebook) => {
    const { name, path, parameters } = each;
    const began = { at: new Date().toISOString(), time: performance.now() };
    const cells = each.notebook.cells.filter((cell) => cell.cell_type === "code").length;
    progress?.start(name, cells);
    const run = await runNotebook(each.notebook, {
      cwd: dirname(path),
      env: { DRIFTSCHED_NOTEBOOK: name, DRIFTSCHED_FIGURES: figures },
      timeoutSeconds: options.timeoutSeconds,
      signal: options.signal,
      onCell: ({ number, cell }) => progress?.cell(name, number, firstLineOf(cell)),
    });
    const durationSeconds = (performance.now() - began.time) / 1000;
    const executed = join(directory, `${name}.ipynb`);
    await writeAtomically(executed, serializeNotebook(run.notebook));
    const provenance: Provenance = {
      ...common,
      parameters,
      seeds: seedsInWords(parameters),
      startedAt: began.at,
      durationSeconds,
    };
    const report = join(directory, `${name}.html`);
    await writeAtomically(report, await exportHtml(run.notebook, { name, provenance }));
    const failed = run.failures.length > 0;
    const results = await readResults(join(figures, name));
    progress?.finish(name, { failed, seconds: durationSeconds });
    const entry = {
      name,
      title: notebookTitle(run.notebook, name),
      href: `${encodeURIComponent(name)}.html`,
      failed,
      durationSeconds,
    };
    const notebook: NotebookReport = {
      name,
      report,
      executed,
      failures: run.failures,
      warnings: results.problem === undefined ? run.warnings : [...run.warnings, results.problem],
      claims: failed ? [] : results.claims,
      figures: failed ? [] : results.figures,
    };
    return { entry, notebook };
  };

  try {
    const done = await mapParallel(selected, parallel, reportOf);
    const durationSeconds = (performance.now() - start) / 1000;
    const index = join(directory, "index.html");
    const provenance = { ...common, parameters: {}, startedAt, durationSeconds };
    await writeAtomically(index, exportIndex(done.map(({ entry }) => entry), { provenance }));
    return { notebooks: done.map(({ notebook }) => notebook), index };
  } finally {
    progress?.stop();
  }
}
