import { awaitPublished } from "./await-published.ts";
import { findIopubAddress } from "./find-iopub-address.ts";

/** What the barrier uses of the Deno kernel; `Deno[Deno.internal]` is not a public interface. */
interface KernelInternals {
  broadcastResult(executionCount: number, result: unknown): Promise<void>;
}
type Broadcast = (type: string, content: Record<string, unknown>) => unknown;

const INSTALLED = Symbol.for("driftsched.kernelBarrier");

/** Wait where the kernel's channel cannot be reached, in ms: fixed, and per queued message. */
const BLIND_WAIT = { fixed: 25, perMessage: 1 };

function kernelInternals(): KernelInternals | null {
  const { Deno } = globalThis as { Deno?: Record<PropertyKey, unknown> };
  const internals = Deno?.[Deno.internal as symbol] as Record<string, unknown> | undefined;
  const jupyter = internals?.jupyter as Partial<KernelInternals> | undefined;
  return typeof jupyter?.broadcastResult === "function" ? jupyter as KernelInternals : null;
}

/** Counts calls of the console; the returned function gives the count since its last call. */
function countConsoleCalls(): () => number {
  let calls = 0;
  for (const name of ["debug", "dir", "error", "info", "log", "table", "warn"] as const) {
    const original = console[name];
    console[name] = (...args: unknown[]) => {
      calls++;
      Reflect.apply(original, console, args);
    };
  }
  return () => {
    const since = calls;
    calls = 0;
    return since;
  };
}

function waitFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Makes the Deno kernel end a cell only when all that the cell printed and displayed has been sent.
 *
 * Deno's kernel (2.8.2 up to at least 2.9.6) announces that a cell is done before it has emptied
 * the queue of its outputs; nbclient and JupyterLab stop listening there, and the rest is lost or
 * lands in a later cell. The barrier follows the cell's own result with a marker that front ends
 * ignore, and holds the cell open until it has seen that marker on the kernel's output channel.
 * The queue is first in, first out, so by then everything before it is out, whatever the speed of
 * the machine. Costs about 5 ms a cell. Where the channel is out of reach it waits by the number of
 * messages instead. A cell that throws is not covered: the kernel never calls the function that
 * is wrapped here.
 *
 * Idempotent; outside a Deno kernel it does nothing. Returns whether the barrier is in place.
 */
export function installKernelBarrier(): boolean {
  const kernel = kernelInternals();
  if (kernel === null) return false;
  const registry = globalThis as unknown as Record<symbol, boolean>;
  if (registry[INSTALLED]) return true;
  registry[INSTALLED] = true;

  const broadcast = (Deno as unknown as { jupyter: { broadcast: Broadcast } }).jupyter.broadcast;
  const address = findIopubAddress();
  const queued = address === null ? countConsoleCalls() : () => 0;
  const publish = (marker: string) =>
    void broadcast("update_display_data", {
      data: {},
      metadata: {},
      transient: { display_id: marker },
    });

  const broadcastResult = kernel.broadcastResult;
  kernel.broadcastResult = async (executionCount, result) => {
    await broadcastResult(executionCount, result);
    // A display() that nobody awaits gets as far as the queue in the next turn of the loop.
    await waitFor(0);
    if (address !== null && await awaitPublished(address, publish)) return;
    await waitFor(BLIND_WAIT.fixed + BLIND_WAIT.perMessage * queued());
  };
  return true;
}
