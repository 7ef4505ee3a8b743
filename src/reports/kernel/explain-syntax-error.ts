import { stripTypeScriptTypes } from "node:module";
import type { KernelError } from "./kernel-session.ts";

const UNKNOWN = "The kernel could not read this cell and did not say why";

/** `SyntaxError: text`, a code frame, and the place, as Deno's parser words it. */
const PARSER_MESSAGE = /^(?:SyntaxError: )?(.*?)\n([\s\S]*?)\n\s*at \S+?:(\d+):(\d+)\s*$/;

/**
 * The error that the kernel keeps to itself: its reply to code it cannot parse says only "Execution
 * failed". Lines and columns are 1-based and count in the cell.
 */
export function explainSyntaxError(code: string): KernelError {
  try {
    // The types know "strip" alone, whose errors say neither what nor where.
    stripTypeScriptTypes(code, { mode: "transform" as "strip" });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const [, reason = text, frame = "", line, column] = PARSER_MESSAGE.exec(text) ?? [];
    const place = line === undefined ? "" : ` (line ${line}, column ${column})`;
    const evalue = `${reason}${place}`;
    const shown = frame.split("\n").filter((row) => row.trim() !== "");
    return { ename: "SyntaxError", evalue, traceback: [`SyntaxError: ${evalue}`, ...shown] };
  }
  return { ename: "SyntaxError", evalue: UNKNOWN, traceback: [`SyntaxError: ${UNKNOWN}`] };
}
