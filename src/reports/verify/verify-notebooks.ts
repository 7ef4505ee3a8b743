import { dirname, join } from "node:path";
import { withEndings } from "../../errors/with-endings.ts";
import { firstLineOf } from "../cell-name.ts";
import { mapParallel } from "../report/map-parallel.ts";
import type { ReportProgress } from "../report/report-progress.ts";
import type { SelectedNotebook } from "../report/select-notebooks.ts";
import { runNotebook } from "../run-notebook.ts";
import { compareFolders, oneDifference } from "./compare-folders.ts";
import { type Comparison, mergeComparisons } from "./difference.ts";

/** Options of {@link verifyNotebooks}. */
export interface VerifyOptions {
  /** Folder of the committed figures, one folder a notebook. */
  readonly figures: string;
  /** Whether committed figures of notebooks that were not selected are a difference. */
  readonly complete: boolean;
  readonly progress?: ReportProgress;
  readonly signal?: AbortSignal;
}

/** Names of the folders below `figures` that hold a manifest. */
async function committedNotebooks(figures: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(figures)) {
      if (!isDirectory) continue;
      const { isFile } = await Deno.stat(join(figures, name, "manifest.json"))
        .catch(() => ({ isFile: false }));
      if (isFile) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/** Runs one notebook and compares what it leaves; a failed cell is the only difference then. */
async function verifyNotebook(
  { name, path, notebook }: SelectedNotebook,
  { made, figures, progress, signal }: VerifyOptions & { readonly made: string },
): Promise<Comparison> {
  const start = performance.now();
  progress?.start(name, notebook.cells.filter((cell) => cell.cell_type === "code").length);
  const { failures } = await runNotebook(notebook, {
    cwd: dirname(path),
    // Results kept by an earlier run would prove nothing: every cell of a sweep is simulated anew.
    env: { DRIFTSCHED_NOTEBOOK: name, DRIFTSCHED_FIGURES: made, DRIFTSCHED_STORE: "off" },
    signal,
    onCell: ({ number, cell }) => progress?.cell(name, number, firstLineOf(cell)),
  });
  const failed = failures.length > 0;
  progress?.finish(name, { failed, seconds: (performance.now() - start) / 1000 });
  if (failed) {
    const details = failures.map(({ cell, kind, ename, evalue }) =>
      `${cell} failed (${kind}): ${ename}: ${evalue}`
    );
    return oneDifference(name, "run", details);
  }
  const [committed, now] = [join(figures, name), join(made, name)];
  return compareFolders({ notebook: name, committed, now });
}

/**
 * Runs notebooks as they stand, into a temporary folder, and compares what they leave with the
 * committed figures and manifests. The committed files are only read.
 */
export async function verifyNotebooks(
  selected: readonly SelectedNotebook[],
  options: VerifyOptions,
): Promise<Comparison> {
  const { figures, complete, progress } = options;
  const made = await Deno.makeTempDir({ prefix: "driftsched-verify-" });
  const compare = async () => {
    const compared = await mapParallel(
      selected,
      navigator.hardwareConcurrency,
      (each) => verifyNotebook(each, { ...options, made }),
    );
    const names = selected.map(({ name }) => name);
    const gone = complete
      ? (await committedNotebooks(figures)).filter((name) => !names.includes(name))
      : [];
    return mergeComparisons([
      ...compared,
      ...gone.map((name) => oneDifference(name, "manifest", ["committed, but of no notebook"])),
    ]);
  };
  return await withEndings(
    compare,
    () => progress?.stop(),
    () => Deno.remove(made, { recursive: true }),
  );
}
