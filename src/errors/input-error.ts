import { escapeControls } from "./escape-controls.ts";

/**
 * Where a bad value was found: every part of its place that is known, so that a reader can correct
 * it.
 */
export interface InputProblem {
  /** File path or the name of the source, for example `parameters` or `stdin`. */
  readonly file: string;
  /** 1-based row (line) in the file; the header is row 1. Absent where rows make no sense. */
  readonly row?: number;
  /** Column, key or parameter name. */
  readonly field?: string;
  /** The offending value as it was read. */
  readonly value?: unknown;
  /** What would have been accepted, in words: `an integer >= 0`. */
  readonly expected: string;
}

const LONGEST_VALUE = 80;

/** A value as JSON writes it, so that `[]`, `{}` and `""` can be told apart. */
function textOf(value: unknown): string {
  if (typeof value !== "string" && (typeof value !== "object" || value === null)) {
    return String(value);
  }
  try {
    return JSON.stringify(ArrayBuffer.isView(value) ? Array.from(value as Int8Array) : value);
  } catch {
    // A cycle or a BigInt inside: the error at hand matters more than its decoration.
    return Object.prototype.toString.call(value);
  }
}

function shown(value: unknown): string {
  const text = textOf(value);
  return text.length > LONGEST_VALUE
    ? `${text.slice(0, LONGEST_VALUE)}… (${text.length} chars)`
    : text;
}

/**
 * One problem as one line: `trace.csv, row 7, field output_len: got "abc", expected an integer >= 0`.
 * What files and servers say in it moves no cursor: control characters are escaped.
 */
export function describeProblem(problem: InputProblem): string {
  const place = [problem.file];
  if (problem.row !== undefined) place.push(`row ${problem.row}`);
  if (problem.field !== undefined) place.push(`field ${problem.field}`);
  const got = "value" in problem ? `got ${shown(problem.value)}, ` : "";
  // What is expected is said by us, a task's whole usage perhaps: its lines stay lines.
  const expected = problem.expected.split("\n").map(escapeControls).join("\n");
  return `${escapeControls(`${place.join(", ")}: ${got}`)}expected ${expected}`;
}

/**
 * Input from outside (file, environment, HTTP, notebook parameter) that cannot be used.
 * Names file, row, field, value and what was expected. Tasks print the message and exit with 1.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly problems: readonly InputProblem[];

  constructor(problems: InputProblem | readonly InputProblem[]) {
    const list: readonly InputProblem[] = "expected" in problems ? [problems] : problems;
    super(list.map(describeProblem).join("\n"));
    this.problems = list;
  }
}
