import { installKernelBarrier } from "./kernel/barrier.ts";
import { showBareTables } from "./kernel/bare-tables.ts";
import { jupyterApi } from "./kernel/jupyter-api.ts";

/**
 * Prepares the Deno kernel that this runs in: no output of a cell is lost, and an Arquero table at
 * the end of a cell shows as a table. Outside a kernel it does nothing. Idempotent.
 *
 * You need not call it if you import Arquero or Plot in a cell by their bare names, or call
 * `publisher`, `showTable`, `progressBar`, `liveProgress` or `help`: each of them does it first.
 * Importing `driftsched` alone changes nothing in the kernel.
 *
 * @returns whether this is a kernel
 * @example
 * notebook();
 */
export function notebook(): boolean {
  if (jupyterApi() === null) return false;
  installKernelBarrier();
  showBareTables();
  return true;
}
