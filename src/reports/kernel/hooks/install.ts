import { AsyncLocalStorage } from "node:async_hooks";
import { HOOKS_SYMBOL, type RunnerHooks } from "./contract.ts";
import { createFence } from "./fence.ts";
import { kernelInternals } from "./kernel-api.ts";
import { reportStrays } from "./report-strays.ts";
import { watchLeftovers } from "./watch-leftovers.ts";
import { watchOutputs } from "./watch-outputs.ts";

/** How often to look whether what cells left running has ended, in ms. */
const SETTLE_STEP = 10;

/** How often the kernel looks whether its runner still lives, in ms. */
const PARENT_CHECK = 2000;

/**
 * Makes the kernel trustworthy for a runner that answers `prompt()`:
 *
 * - a cell ends only when all it printed and displayed has reached the runner, also what it
 *   displayed without awaiting (the kernel itself announces the end before its queue is empty);
 * - errors nobody waited for are reported with the execution count of the cell that caused them;
 * - `prompt()` and `confirm()` return at once, as in any headless run;
 * - the kernel ends when its runner has gone (once the cell at work yields).
 *
 * Not covered: `console.log` inside a Worker, which the kernel itself throws away; post a message
 * to the cell and print it there.
 *
 * `token` makes the runner's prompts tellable from a cell's. Where Deno's internals have changed,
 * the end of a cell is not held; the runner finds that out and waits instead.
 */
export function installRunnerHooks(token: string): void {
  const { setTimeout, setInterval } = globalThis;
  const { exit, ppid } = Deno;
  const cell = new AsyncLocalStorage<number>();
  const cellOfError = new WeakMap<WeakKey, number>();
  const wait = (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

  const { fence, account } = createFence(token);
  const { displayed } = watchOutputs(account);
  const leftovers = watchLeftovers((error) => {
    const count = cell.getStore();
    if (typeof error === "object" && error !== null && count !== undefined) {
      cellOfError.set(error, count);
    }
  });
  reportStrays({
    current: () => cell.getStore(),
    of: (error) =>
      typeof error === "object" && error !== null && cellOfError.get(error) || cell.getStore(),
  });

  globalThis.prompt = () => null;
  globalThis.confirm = () => false;
  Deno.exit = (code?: number): never => {
    fence();
    return exit(code);
  };
  setInterval(() => Deno.ppid !== ppid && exit(1), PARENT_CHECK);

  const registry = globalThis as unknown as Record<symbol, unknown>;
  // The library's own barrier, for front ends without these hooks, has nothing left to do.
  registry[Symbol.for("driftsched.kernelBarrier")] = true;
  registry[Symbol.for(HOOKS_SYMBOL)] = {
    fence,
    async settle(least, most) {
      const end = performance.now() + most;
      await wait(least);
      while (performance.now() < end && leftovers.before(end)) await wait(SETTLE_STEP);
      await displayed();
      fence();
    },
  } satisfies RunnerHooks;

  const internals = kernelInternals();
  if (internals === null) return;
  const { broadcastResult } = internals;
  async function finishCell(executionCount: number, result: unknown): Promise<void> {
    await broadcastResult(executionCount, result);
    await displayed();
    // A rejection that nobody catches is known to be one in the next turn of the event loop.
    await wait(0);
    fence();
  }
  internals.broadcastResult = (executionCount, result) => {
    // What the next cell starts inherits this: nothing resets it between two cells.
    cell.enterWith(executionCount + 1);
    return cell.run(executionCount, () => finishCell(executionCount, result));
  };
}
