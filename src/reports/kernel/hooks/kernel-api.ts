/** `Deno.jupyter` as far as the hooks need it. */
export interface Jupyter {
  broadcast(type: string, content: Record<string, unknown>, extra?: unknown): unknown;
  display(object: unknown, options?: DisplayOptions): Promise<void>;
  format(object: unknown): Promise<unknown>;
}

export interface DisplayOptions {
  readonly raw?: boolean;
  readonly update?: boolean;
  readonly display_id?: string;
}

/** Not a public interface of Deno; seen in 2.8.2 to 2.9.6. */
export interface KernelInternals {
  /** Awaited by the kernel at the end of each cell that did not throw. */
  broadcastResult(executionCount: number, result: unknown): Promise<void>;
}

/** `Deno.jupyter`; `Deno` has it in a kernel alone. */
export function jupyterApi(): Jupyter {
  return (Deno as unknown as { jupyter: Jupyter }).jupyter;
}

/**
 * The kernel's internals where they are as they were in the versions named above;
 * `DRIFTSCHED_KERNEL_INTERNALS=0` in the environment does without them.
 */
export function kernelInternals(): KernelInternals | null {
  if (Deno.env.get("DRIFTSCHED_KERNEL_INTERNALS") === "0") return null;
  const deno = Deno as unknown as Record<PropertyKey, Record<string, unknown> | undefined>;
  const jupyter = deno[deno.internal as unknown as symbol]?.jupyter as
    | Partial<KernelInternals>
    | undefined;
  return typeof jupyter?.broadcastResult === "function" ? jupyter as KernelInternals : null;
}

export type AnyFunction = (...args: unknown[]) => unknown;

/** Puts `wrap(original)` in place of a global function, with the original's own properties. */
export function replaceGlobal(name: string, wrap: (original: AnyFunction) => AnyFunction): void {
  const scope = globalThis as unknown as Record<string, AnyFunction>;
  const original = scope[name];
  const properties = Object.getOwnPropertyDescriptors(original);
  scope[name] = Object.defineProperties(wrap(original), properties);
}
