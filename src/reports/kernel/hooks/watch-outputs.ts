import { type DisplayOptions, jupyterApi } from "./kernel-api.ts";

export interface WatchedOutputs {
  /** Resolves when every `display()` so far has been queued, awaited by its cell or not. */
  displayed(): Promise<void>;
}

/** Bytes that a value of the console counts for where its text is not known. */
const INSPECTED_BYTES = 64;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Characters in `value`, roughly: enough to tell a figure from a line of text. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (!isRecord(value)) return 16;
  return Object.values(value).reduce<number>((sum, part) => sum + sizeOf(part), 16);
}

function watchConsole(account: (bytes: number) => void): void {
  const methods = console as unknown as Record<string, unknown>;
  for (const [name, method] of Object.entries(methods)) {
    if (typeof method !== "function") continue;
    methods[name] = (...args: unknown[]) => {
      const result = Reflect.apply(method, console, args);
      const sizes = args.map((arg) => typeof arg === "string" ? arg.length : INSPECTED_BYTES);
      account(sizes.reduce((sum, size) => sum + size, 0));
      return result;
    };
  }
}

/** Counts what the console and `Deno.jupyter` queue, and keeps track of displays under way. */
export function watchOutputs(account: (bytes: number) => void): WatchedOutputs {
  const jupyter = jupyterApi();
  const { broadcast, display } = jupyter;
  const displaying = new Set<Promise<void>>();

  async function show(object: unknown, options: DisplayOptions = {}): Promise<void> {
    const bundle = options.raw && isRecord(object) ? object : await jupyter.format(object);
    if (isRecord(bundle)) await display(bundle, { ...options, raw: true });
    else await display(object, options);
    account(sizeOf(bundle));
  }

  watchConsole(account);
  jupyter.broadcast = (type, content, extra) => {
    const result = broadcast(type, content, extra);
    account(sizeOf(content));
    return result;
  };
  jupyter.display = (object, options) => {
    const shown = show(object, options);
    const forget = () => void displaying.delete(settled);
    const settled = shown.then(forget, forget);
    displaying.add(settled);
    // Not `shown` itself: that one counts as handled, and a display that fails must not go unseen.
    return shown.then();
  };
  return {
    async displayed() {
      while (displaying.size > 0) await Promise.all(displaying);
    },
  };
}
