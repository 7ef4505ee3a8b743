import { STRAY_MESSAGE } from "./contract.ts";
import { jupyterApi } from "./kernel-api.ts";

export interface StrayCells {
  /** Execution count of the cell that the code now running comes from; absent where unknown. */
  current(): number | undefined;
  /** The same for the code that threw `error`. */
  of(error: unknown): number | undefined;
}

function describeError(reason: unknown): { ename: string; evalue: string; traceback: string[] } {
  if (!(reason instanceof Error)) {
    return { ename: "Error", evalue: String(reason), traceback: [String(reason)] };
  }
  const { name, message, stack = `${name}: ${message}` } = reason;
  return { ename: name, evalue: message, traceback: stack.split("\n") };
}

/**
 * Reports rejections nobody caught, throws in timers and errors of workers to the runner. Without
 * this they leave no trace: the kernel goes on and says nothing.
 */
export function reportStrays(cells: StrayCells): void {
  const { broadcast } = jupyterApi();
  function report(count: number | undefined, kind: string, error: Record<string, unknown>): void {
    broadcast(STRAY_MESSAGE, { execution_count: count ?? null, kind, ...error });
  }
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    report(cells.current(), "unhandled rejection", describeError(event.reason));
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    const { error, message, filename, lineno } = event;
    if (error !== null && error !== undefined) {
      return report(cells.of(error), "uncaught error", describeError(error));
    }
    const traceback = [message, `    at ${filename || "worker"}:${lineno}`];
    report(cells.current(), "error in a worker", { ename: "Error", evalue: message, traceback });
  });
}
