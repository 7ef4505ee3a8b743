import { findSyntaxError } from "../syntax-error.ts";
import type { KernelError } from "./kernel-error.ts";

const UNKNOWN = "The kernel could not read this cell and did not say why";

/**
 * The error that the kernel keeps to itself: its reply to code it cannot parse says only "Execution
 * failed". Lines and columns are 1-based and count in the cell.
 */
export function explainSyntaxError(code: string): KernelError {
  const { message, line, column, frame } = findSyntaxError(code) ?? { message: UNKNOWN, frame: [] };
  const place = line === undefined ? "" : ` (line ${line}, column ${column})`;
  const evalue = `${message}${place}`;
  return { ename: "SyntaxError", evalue, traceback: [`SyntaxError: ${evalue}`, ...frame] };
}
