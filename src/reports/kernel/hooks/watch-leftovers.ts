import { replaceGlobal } from "./kernel-api.ts";

export interface Leftovers {
  /** Whether a worker lives, or a `setTimeout` is due before `time` (ms of `performance.now()`). */
  before(time: number): boolean;
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

function watchWorkers(): ReadonlySet<Worker> {
  const workers = new Set<Worker>();
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
  return workers;
}

/**
 * Keeps track of what cells leave running, and tells `onThrow` what a callback of a timer throws,
 * in the context of whoever set the timer.
 */
export function watchLeftovers(onThrow: (error: unknown) => void): Leftovers {
  const workers = watchWorkers();
  const due = new Map<unknown, number>();
  for (const name of ["setInterval", "queueMicrotask"]) {
    replaceGlobal(
      name,
      (schedule) => (callback, ...rest) => schedule(observed(callback, onThrow), ...rest),
    );
  }
  replaceGlobal("setTimeout", (schedule) => (callback, delay, ...rest) => {
    const forget = () => void due.delete(handle);
    const handle = schedule(observed(callback, onThrow, forget), delay, ...rest);
    due.set(handle, performance.now() + (Number(delay) || 0));
    return handle;
  });
  replaceGlobal("clearTimeout", (clear) => (handle) => {
    due.delete(handle);
    return clear(handle);
  });
  return { before: (time) => workers.size > 0 || due.values().some((at) => at <= time) };
}
