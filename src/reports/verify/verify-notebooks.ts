import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withEndings } from "../../errors/with-endings.ts";
import { firstLineOf } from "../cell-name.ts";
import { mapParallel } from "../report/map-parallel.ts";
import type { ReportProgress } from "../report/report-progress.ts";
import type { SelectedNotebook } from "../report/select-notebooks.ts";
import { runNotebook } from "../run-notebook.ts";
import { compareFolders, oneDifference } from "./compare-folders.ts";
import { type Comparison, mergeComparisons, type Verification } from "./difference.ts";

/** Options of {@link verifyNotebooks}. */
export interface VerifyOptions {
  /** Folder of the committed figures, one folder a notebook. */
  readonly figures: string;
  /** Whether committed figures of notebooks that were not selected are a difference. */
  readonly complete: boolean;
  /** Folder that keeps what a first run made where a second one made something else. */
  readonly keep: string;
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

/** What one run of a notebook is compared with, and where it writes to. */
interface RunOptions extends VerifyOptions {
  /** Folder that the run writes its figures to. */
  readonly made: string;
}

/** A comparison of one run, and whether its cells came through. */
interface ComparedRun {
  readonly comparison: Comparison;
  readonly failed: boolean;
}

/** Runs one notebook and compares what it leaves; a failed cell is the only difference then. */
async function compareRun(
  { name, path, notebook }: SelectedNotebook,
  { made, figures, progress, signal }: RunOptions,
): Promise<ComparedRun> {
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
    return { comparison: oneDifference(name, "run", details), failed };
  }
  const [committed, now] = [join(figures, name), join(made, name)];
  return { comparison: await compareFolders({ notebook: name, committed, now }), failed };
}

/** Keeps what a run made in a new folder below `keep`; returns that folder. */
async function keepRun(made: string, keep: string, name: string): Promise<string> {
  await Deno.mkdir(keep, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: keep, prefix: `${name}-` });
  await cp(made, folder, { recursive: true });
  return folder;
}

/**
 * Verifies one notebook. One that differs is run a second time: a difference that a second run does
 * not show is no change of the code or the data, and says that one notebook gave two results.
 */
async function verifyNotebook(
  selected: SelectedNotebook,
  { made, ...options }: RunOptions,
): Promise<Verification> {
  const { name } = selected;
  const [first, second] = [join(made, "first"), join(made, "second")];
  const one = await compareRun(selected, { ...options, made: first });
  const { differences } = one.comparison;
  if (differences.length === 0 || one.failed || options.signal?.aborted) {
    return { ...one.comparison, repeated: [] };
  }
  const two = await compareRun(selected, { ...options, made: second });
  if (options.signal?.aborted) return { ...one.comparison, repeated: [] };
  const [before, now] = [join(first, name), join(second, name)];
  const alike = !two.failed && two.comparison.differences.length > 0 &&
    (await compareFolders({ notebook: name, committed: before, now })).differences.length === 0;
  const repeated = two.comparison.differences.length === 0
    ? "as committed"
    : alike
    ? "as the first run"
    : "otherwise again";
  const kept = repeated === "as the first run" ? null : await keepRun(before, options.keep, name);
  return {
    ...two.comparison,
    repeated: [{ notebook: name, differences, second: repeated, kept }],
  };
}

/**
 * Runs notebooks as they stand, into a temporary folder, and compares what they leave with the
 * committed figures and manifests. A notebook that differs is run a second time. The committed files
 * are only read.
 */
export async function verifyNotebooks(
  selected: readonly SelectedNotebook[],
  options: VerifyOptions,
): Promise<Verification> {
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
    const unknown = gone.map((name) =>
      oneDifference(name, "manifest", ["committed, but of no notebook"])
    );
    return {
      ...mergeComparisons([...compared, ...unknown]),
      repeated: compared.flatMap(({ repeated }) => repeated),
    };
  };
  return await withEndings(
    compare,
    () => progress?.stop(),
    () => Deno.remove(made, { recursive: true }),
  );
}
