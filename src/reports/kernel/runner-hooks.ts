import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What the runner adds to the kernel. This module runs INSIDE the kernel: the set-up cell imports
 * it by its URL. It never runs in the runner itself.
 */

/** Type of the output message that marks how far the kernel has published; front ends ignore it. */
export const FENCE_MESSAGE = "driftsched_fence";
/** Type of the output message that reports an error nobody waited for. */
export const STRAY_MESSAGE = "driftsched_stray";
/** Where the set-up cell leaves the hooks for later requests. */
export const HOOKS_SYMBOL = "driftsched.runnerHooks";

/** What may be queued in the kernel before the cell waits until it is out. */
const MOST_QUEUED = { messages: 200, bytes: 262_144 };

const SETTLE_STEP = 10;

/** How often the kernel looks whether its runner still lives, in ms. */
const PARENT_CHECK = 2000;

interface Jupyter {
  broadcast(type: string, content: Record<string, unknown>, extra?: unknown): unknown;
  display(object: unknown, options?: DisplayOptions): Promise<void>;
  format(object: unknown): Promise<unknown>;
}

interface DisplayOptions {
  readonly raw?: boolean;
  readonly update?: boolean;
  readonly display_id?: string;
}

/** Not a public interface of Deno; seen in 2.8.2 to 2.9.6. */
interface KernelInternals {
  broadcastResult(executionCount: number, result: unknown): Promise<void>;
}

export interface RunnerHooks {
  /** Returns when everything queued so far has reached the runner. */
  fence(): void;
  /**
   * Waits for late output and errors: `least` ms, and up to `most` ms where the cells have left a
   * worker alive or a timer that is due by then; then for all displays; then fences.
   */
  settle(least: number, most: number): Promise<void>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Characters in `value`, roughly: enough to tell a figure from a line of text. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (!isRecord(value)) return 16;
  return Object.values(value).reduce<number>((sum, part) => sum + sizeOf(part), 16);
}

function describeError(reason: unknown): { ename: string; evalue: string; traceback: string[] } {
  if (!(reason instanceof Error)) {
    return { ename: "Error", evalue: String(reason), traceback: [String(reason)] };
  }
  const { name, message, stack = `${name}: ${message}` } = reason;
  return { ename: name, evalue: message, traceback: stack.split("\n") };
}

function kernelInternals(): Partial<KernelInternals> | undefined {
  const deno = Deno as unknown as Record<PropertyKey, Record<string, unknown> | undefined>;
  return deno[deno.internal as unknown as symbol]?.jupyter as Partial<KernelInternals> | undefined;
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Puts `wrap(original)` in place of a global function, with the original's own properties. */
function replaceGlobal(name: string, wrap: (original: AnyFunction) => AnyFunction): void {
  const scope = globalThis as unknown as Record<string, AnyFunction>;
  const original = scope[name];
  scope[name] = Object.defineProperties(
    wrap(original),
    Object.getOwnPropertyDescriptors(original),
  );
}

/** `callback`, with `onThrow` told what it throws and `onDone` that it has run. */
function observed(callback: unknown, onThrow: (error: unknown) => void, onDone = () => {}) {
  if (typeof callback !== "function") return callback;
  return function (this: unknown, ...args: unknown[]) {
    try {
      return Reflect.apply(callback, this, args);
    } catch (error) {
      onThrow(error);
      throw error;
    } finally {
      onDone();
    }
  };
}

/**
 * Makes the kernel trustworthy for a runner that answers `prompt()`:
 *
 * - a cell ends only when all it printed and displayed has reached the runner, also what it
 *   displayed without awaiting (the kernel itself announces the end before it has emptied its
 *   queue, and lets the announcement cut into a large message);
 * - rejections nobody caught, throws in timers and errors of workers are reported with the
 *   execution count of the cell that caused them;
 * - `prompt()` and `confirm()` return at once, as in any headless run;
 * - the kernel ends when its runner has gone.
 *
 * Not covered: `console.log` inside a Worker, which the kernel itself throws away; post a message
 * to the cell and print it there.
 *
 * `token` makes the runner's prompts tellable from a cell's. Returns whether the end of a cell can
 * be held; where Deno's internals have changed it cannot, and the runner must wait instead.
 */
export function installRunnerHooks(token: string): boolean {
  const jupyter = (Deno as unknown as { jupyter: Jupyter }).jupyter;
  const original = {
    broadcast: jupyter.broadcast,
    display: jupyter.display,
    exit: Deno.exit,
    prompt: globalThis.prompt,
    setTimeout: globalThis.setTimeout,
  };
  const cell = new AsyncLocalStorage<number>();
  const cellOfError = new WeakMap<WeakKey, number>();
  const displaying = new Set<Promise<void>>();
  const due = new Map<unknown, number>();
  const workers = new Set<Worker>();
  const queued = { messages: 0, bytes: 0 };
  let fences = 0;

  /** The runner answers the prompt only when it has seen the message: first in, first out. */
  function fence(): void {
    queued.messages = queued.bytes = 0;
    const id = `${token}:${++fences}`;
    original.broadcast(FENCE_MESSAGE, { id });
    original.prompt(id);
  }
  function account(bytes: number): void {
    queued.messages++;
    queued.bytes += bytes;
    if (queued.messages >= MOST_QUEUED.messages || queued.bytes >= MOST_QUEUED.bytes) fence();
  }
  async function settleDisplays(): Promise<void> {
    while (displaying.size > 0) await Promise.allSettled([...displaying]);
  }
  function wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => original.setTimeout(resolve, milliseconds));
  }

  const methods = console as unknown as Record<string, unknown>;
  for (const [name, method] of Object.entries(methods)) {
    if (typeof method !== "function") continue;
    methods[name] = (...args: unknown[]) => {
      const result = Reflect.apply(method, console, args);
      account(
        args.reduce<number>((sum, arg) => sum + (typeof arg === "string" ? arg.length : 64), 0),
      );
      return result;
    };
  }

  jupyter.broadcast = (type, content, extra) => {
    const result = original.broadcast(type, content, extra);
    account(sizeOf(content));
    return result;
  };
  async function show(object: unknown, options: DisplayOptions = {}): Promise<void> {
    const bundle = options.raw && isRecord(object) ? object : await jupyter.format(object);
    if (isRecord(bundle)) await original.display(bundle, { ...options, raw: true });
    else await original.display(object, options);
    account(sizeOf(bundle));
  }
  jupyter.display = (object, options) => {
    const shown = show(object, options);
    displaying.add(shown);
    const forget = () => void displaying.delete(shown);
    shown.then(forget, forget);
    return shown;
  };

  const tag = (error: unknown) => {
    const count = cell.getStore();
    if (typeof error === "object" && error !== null && count !== undefined) {
      cellOfError.set(error, count);
    }
  };
  for (const name of ["setInterval", "queueMicrotask"]) {
    replaceGlobal(
      name,
      (schedule) => (callback, ...rest) => schedule(observed(callback, tag), ...rest),
    );
  }
  replaceGlobal("setTimeout", (schedule) => (callback, delay, ...rest) => {
    const forget = () => void due.delete(handle);
    const handle = schedule(observed(callback, tag, forget), delay, ...rest);
    due.set(handle, performance.now() + (Number(delay) || 0));
    return handle;
  });
  replaceGlobal("clearTimeout", (clear) => (handle) => {
    due.delete(handle);
    return clear(handle);
  });
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      workers.add(this);
      this.addEventListener("error", () => workers.delete(this));
    }
    override terminate(): void {
      workers.delete(this);
      super.terminate();
    }
  };
  function report(count: number | undefined, kind: string, error: Record<string, unknown>): void {
    original.broadcast(STRAY_MESSAGE, { execution_count: count ?? null, kind, ...error });
  }
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    report(cell.getStore(), "unhandled rejection", describeError(event.reason));
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    const { error, message, filename, lineno } = event;
    if (error !== null && error !== undefined) {
      const thrown = typeof error === "object" ? cellOfError.get(error) : undefined;
      return report(thrown ?? cell.getStore(), "uncaught error", describeError(error));
    }
    const traceback = [message, `    at ${filename || "worker"}:${lineno}`];
    report(cell.getStore(), "error in a worker", { ename: "Error", evalue: message, traceback });
  });

  globalThis.prompt = () => null;
  globalThis.confirm = () => false;
  Deno.exit = (code?: number): never => {
    fence();
    return original.exit(code);
  };
  const parent = Deno.ppid;
  setInterval(() => {
    if (Deno.ppid !== parent) original.exit(1);
  }, PARENT_CHECK);

  // The library's own barrier, for front ends without these hooks, has nothing left to do.
  const registry = globalThis as unknown as Record<symbol, unknown>;
  registry[Symbol.for("driftsched.kernelBarrier")] = true;
  registry[Symbol.for(HOOKS_SYMBOL)] = {
    fence,
    async settle(least: number, most: number) {
      const end = performance.now() + most;
      await wait(least);
      const busy = () => workers.size > 0 || due.values().some((time) => time <= end);
      while (performance.now() < end && busy()) await wait(SETTLE_STEP);
      await settleDisplays();
      fence();
    },
  } satisfies RunnerHooks;

  const internals = kernelInternals();
  if (typeof internals?.broadcastResult !== "function") return false;
  const broadcastResult = internals.broadcastResult;
  async function finishCell(executionCount: number, result: unknown): Promise<void> {
    await broadcastResult(executionCount, result);
    await settleDisplays();
    await wait(0);
    fence();
  }
  internals.broadcastResult = (executionCount, result) => {
    // What the next cell starts inherits this: nothing resets it between two cells.
    cell.enterWith(executionCount + 1);
    return cell.run(executionCount, () => finishCell(executionCount, result));
  };
  return true;
}
