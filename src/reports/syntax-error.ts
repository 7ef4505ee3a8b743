import { stripTypeScriptTypes } from "node:module";

/** Where code cannot be parsed, and why. */
export interface SyntaxProblem {
  readonly message: string;
  /** 1-based; absent where the parser gives no place. */
  readonly line?: number;
  readonly column?: number;
  /** The line of code with the place marked, as Deno shows it; may be empty. */
  readonly frame: readonly string[];
}

/** `SyntaxError: text`, a code frame, and the place, as Deno's parser words it. */
const PARSER_MESSAGE = /^(?:SyntaxError: )?(.*?)\n([\s\S]*?)\n\s*at \S+?:(\d+):(\d+)\s*$/;

/** The first syntax error of TypeScript code, `null` where it can be parsed. Runs nothing. */
export function findSyntaxError(code: string): SyntaxProblem | null {
  try {
    // The types know "strip" alone, whose errors say neither what nor where.
    stripTypeScriptTypes(code, { mode: "transform" as "strip" });
    return null;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const [, message = text, frame = "", line, column] = PARSER_MESSAGE.exec(text) ?? [];
    return {
      message,
      line: line === undefined ? undefined : Number(line),
      column: column === undefined ? undefined : Number(column),
      frame: frame.split("\n").filter((row) => row.trim() !== ""),
    };
  }
}
