import type { KernelError } from "./kernel-error.ts";

/** Frames of Deno itself and of the hooks: they say nothing about the cell, and name our paths. */
const FOREIGN_FRAME = /^\s+at .*(ext:|\/reports\/kernel\/hooks\/)/;

/**
 * An error of the kernel with the frames that a reader of the notebook can use, and never an empty
 * traceback: front ends show that alone.
 */
export function readableError<E extends KernelError>(error: E): E {
  const kept = error.traceback.filter((line) => line.trim() !== "" && !FOREIGN_FRAME.test(line));
  return { ...error, traceback: kept.length > 0 ? kept : [`${error.ename}: ${error.evalue}`] };
}
