import { dirname, join } from "node:path";
import { writeAtomically } from "../../files/write-atomically.ts";
import { firstLineOf } from "../cell-name.ts";
import type { ManifestClaim } from "../../notebook/figure-manifest.ts";
import { type CommonProvenance, seedsInWords } from "../gather-provenance.ts";
import { exportHtml } from "../html/export-html.ts";
import { serializeNotebook } from "../notebook-file.ts";
import { runNotebook } from "../run-notebook.ts";
import type { CellFailure } from "../run-record.ts";
import { notebookTitle } from "./notebook-title.ts";
import { readResults } from "./read-results.ts";
import type { ReportProgress } from "./report-progress.ts";
import type { SelectedNotebook } from "./select-notebooks.ts";

export interface RunReportOptions {
  /** Folder for figures; the report goes into its `reports/`. */
  readonly figures: string;
  readonly provenance: CommonProvenance;
  /** Most seconds that one cell may take. @default the runner's */
  readonly timeoutSeconds?: number;
  /** Ends the kernel; what there is by then is written. */
  readonly signal?: AbortSignal;
  readonly progress?: ReportProgress;
}

/** What became of one notebook. */
export interface NotebookReport {
  readonly name: string;
  readonly title: string;
  /** Path of the HTML report. */
  readonly report: string;
  /** Path of the executed notebook. */
  readonly executed: string;
  readonly durationSeconds: number;
  readonly failures: readonly CellFailure[];
  readonly warnings: readonly string[];
  /** The claims of its manifest; none where the run failed. */
  readonly claims: readonly ManifestClaim[];
  /** Paths of its figures; none where the run failed. */
  readonly figures: readonly string[];
}

/**
 * Executes one notebook in a kernel of its own and writes the executed notebook and its HTML
 * report, also where a cell failed. Files appear whole or not at all.
 */
export async function runReport(
  selected: SelectedNotebook,
  options: RunReportOptions,
): Promise<NotebookReport> {
  const { name, path, parameters } = selected;
  const { figures, progress, timeoutSeconds, signal } = options;
  const startedAt = new Date().toISOString();
  const start = performance.now();
  progress?.start(
    name,
    selected.notebook.cells.filter((cell) => cell.cell_type === "code").length,
  );
  const { notebook, failures, warnings } = await runNotebook(selected.notebook, {
    cwd: dirname(path),
    env: { DRIFTSCHED_NOTEBOOK: name, DRIFTSCHED_FIGURES: figures },
    timeoutSeconds,
    signal,
    onCell: ({ number, cell }) => progress?.cell(name, number, firstLineOf(cell)),
  });
  const durationSeconds = (performance.now() - start) / 1000;
  const executed = join(figures, "reports", `${name}.ipynb`);
  await writeAtomically(executed, serializeNotebook(notebook));

  const failed = failures.length > 0;
  const results = await readResults(join(figures, name));
  // After a failure the manifest is of another run.
  const manifest = failed ? null : results.manifest;
  const provenance = {
    ...options.provenance,
    data: manifest?.data ?? options.provenance.data,
    parameters,
    seeds: seedsInWords(manifest?.seeds ?? []),
    startedAt,
    durationSeconds,
  };
  const report = join(figures, "reports", `${name}.html`);
  await writeAtomically(report, await exportHtml(notebook, { name, provenance }));
  progress?.finish(name, { failed, seconds: durationSeconds });
  return {
    name,
    title: notebookTitle(notebook, name),
    report,
    executed,
    durationSeconds,
    failures,
    warnings: results.problem === undefined ? warnings : [...warnings, results.problem],
    claims: manifest?.claims ?? [],
    figures: failed ? [] : results.figures,
  };
}
