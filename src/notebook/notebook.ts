import { installKernelBarrier } from "./kernel/barrier.ts";
import { showBareTables } from "./kernel/bare-tables.ts";
import { jupyterApi } from "./kernel/jupyter-api.ts";

/**
 * Prepares the Deno kernel that this runs in: no output of a cell is lost, and an Arquero table at
 * the end of a cell shows as a table. Outside a kernel it does nothing. Idempotent.
 *
 * Nobody has to call it who imports Arquero or Plot in a cell by their bare names, or calls
 * `publisher`, `showTable`, `progressBar`, `liveProgress` or `help`: each of them does so first.
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
