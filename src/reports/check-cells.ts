import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { cellName } from "./cell-name.ts";
import { joinCells, type JoinedCells } from "./check/joined-cells.ts";
import { type Diagnostic, parseDiagnostics } from "./check/parse-diagnostics.ts";
import { notebookName, readNotebook } from "./notebook-file.ts";
import { type CodeCell, type Notebook, textOf } from "./notebook-format.ts";
import { findSyntaxError } from "./syntax-error.ts";

/** Something wrong in a notebook as it lies in the repository. */
export interface CellProblem {
  /** Path of the notebook as it was given. */
  readonly notebook: string;
  /** `cell 7 (id abc123, …)`; absent where the problem is not in one cell. */
  readonly cell?: string;
  /** 1-based line and column in the cell. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

interface Candidate {
  readonly path: string;
  readonly notebook: Notebook;
  readonly joined: JoinedCells;
  /** Path of the module while it is checked. */
  readonly module: string;
}

/** Types of declarations that a later cell may repeat in Jupyter, but no module may. */
const REDECLARED = new Set(["TS2300", "TS2451", "TS2440"]);

function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code");
}

function committedOutputs(path: string, notebook: Notebook): CellProblem[] {
  return codeCells(notebook)
    .filter(({ outputs, execution_count }) => outputs.length > 0 || execution_count !== null)
    .map((cell) => ({
      notebook: path,
      cell: cellName(notebook, cell),
      message: "holds outputs or an execution count: clear all outputs before committing",
    }));
}

function syntaxProblems(path: string, notebook: Notebook): CellProblem[] {
  return codeCells(notebook).flatMap((cell) => {
    const problem = findSyntaxError(textOf(cell.source));
    if (problem === null) return [];
    const { line, column, message } = problem;
    const name = cellName(notebook, cell);
    return [{ notebook: path, cell: name, line, column, message: `SyntaxError: ${message}` }];
  });
}

function problemOf({ path, notebook, joined }: Candidate, diagnostic: Diagnostic): CellProblem {
  const { code, column } = diagnostic;
  const origin = joined.locate(diagnostic.line);
  const message = code === undefined ? diagnostic.message : `${code}: ${diagnostic.message}`;
  if (origin === null) return { notebook: path, message };
  const { cell, line } = origin;
  return { notebook: path, cell: cellName(notebook, cell), line, column, message };
}

/** Of a name declared twice TypeScript tells every place: one problem, at the later ones. */
function withoutFirstDeclarations(candidate: Candidate, found: readonly Diagnostic[]) {
  const first = new Map<string, Diagnostic>();
  const problems: CellProblem[] = [];
  for (const diagnostic of found.toSorted((a, b) => a.line - b.line)) {
    const problem = problemOf(candidate, diagnostic);
    const known = first.get(diagnostic.message);
    if (!REDECLARED.has(diagnostic.code ?? "")) problems.push(problem);
    else if (known === undefined) first.set(diagnostic.message, diagnostic);
    else {
      const { cell = "another cell", line } = problemOf(candidate, known);
      const hint = `declared before in ${cell}, line ${line}: give it another name`;
      problems.push({ ...problem, message: `${problem.message} It is ${hint}` });
    }
  }
  return problems;
}

async function denoCheck(modules: readonly string[]): Promise<string> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", ...modules],
    cwd: dirname(modules[0]),
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  return success ? "" : new TextDecoder().decode(stderr);
}

/** Type-checks the joined cells of all candidates at once. */
async function typeProblems(candidates: readonly Candidate[]): Promise<CellProblem[]> {
  if (candidates.length === 0) return [];
  const made: string[] = [];
  try {
    for (const { module, joined } of candidates) {
      await Deno.writeTextFile(module, joined.text, { createNew: true });
      made.push(module);
    }
    const output = await denoCheck(candidates.map(({ module }) => module));
    const diagnostics = parseDiagnostics(output);
    const problems = candidates.flatMap((candidate) => {
      const url = pathToFileURL(candidate.module).href;
      const found = diagnostics.filter((diagnostic) => diagnostic.url === url);
      return withoutFirstDeclarations(candidate, found);
    });
    if (output === "" || problems.length > 0) return problems;
    // Nothing of it is in a cell: a module that a cell imports is at fault, or Deno itself.
    return [{ notebook: candidates.map(({ path }) => path).join(", "), message: output.trim() }];
  } finally {
    await Promise.all(made.map((module) => Deno.remove(module).catch(() => {})));
  }
}

/**
 * Checks notebooks as they are committed: no outputs; every code cell can be parsed; all of a
 * notebook's code cells, joined into one module beside it, pass `deno check`, which finds misspelt
 * imports (in Jupyter they are silently `undefined`), wrong types, and names declared twice. Needs
 * no kernel and runs nothing. Throws an `InputError` where a file is no notebook.
 */
export async function checkCells(paths: readonly string[]): Promise<CellProblem[]> {
  const problems: CellProblem[] = [];
  const candidates: Candidate[] = [];
  for (const path of paths) {
    const notebook = await readNotebook(path);
    const unreadable = syntaxProblems(path, notebook);
    problems.push(...committedOutputs(path, notebook), ...unreadable);
    if (unreadable.length > 0) continue;
    const file = resolve(path);
    const module = join(dirname(file), `.${notebookName(basename(file))}.cells-${Deno.pid}.ts`);
    candidates.push({ path, notebook, joined: joinCells(notebook), module });
  }
  return [...problems, ...await typeProblems(candidates)];
}

/** One problem as one line: `a.ipynb, cell 3 (id x, …), line 2, column 5: TS2322: …`. */
export function describeCellProblem(problem: CellProblem): string {
  const { notebook, cell, line, column, message } = problem;
  const place = [notebook];
  if (cell !== undefined) place.push(cell);
  if (line !== undefined) place.push(`line ${line}, column ${column}`);
  return `${place.join(", ")}: ${message}`;
}
