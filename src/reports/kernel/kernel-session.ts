import { explainSyntaxError } from "./explain-syntax-error.ts";
import { KernelClient } from "./kernel-client.ts";
import { type KernelProcess, type KernelProcessOptions, spawnKernel } from "./kernel-process.ts";
import type { JupyterMessage } from "./jupyter-message.ts";
import type { KernelError } from "./kernel-error.ts";
import { readableError } from "./readable-error.ts";
import { FENCE_MESSAGE, HOOKS_SYMBOL, STRAY_MESSAGE } from "./hooks/contract.ts";

export interface KernelSessionOptions extends KernelProcessOptions {
  /** Outputs of cells in order: `stream`, `display_data`, `execute_result`, `error`… */
  readonly onOutput: (type: string, content: Record<string, unknown>) => void;
  /** An error nobody waited for. */
  readonly onStray: (stray: StrayError) => void;
  /** Seconds until a start counts as failed and is tried again; default 30. */
  readonly startSeconds?: number;
}

/** A rejection nobody caught, a throw in a timer, an error of a worker. */
export interface StrayError extends KernelError {
  /** Execution count of the cell that caused it; `null` where unknown. */
  readonly executionCount: number | null;
  readonly kind: string;
}

/** The kernel's process ended while something was asked of it. */
export class KernelDiedError extends Error {
  override readonly name = "KernelDied";
}

const START_ATTEMPTS = 4;
const DEFAULT_START_SECONDS = 30;
const CONNECT_PAUSE = 10;
/** Without hooks in the kernel: the output channel must be silent for so long, in ms. */
const QUIET = 100;

const live = new Set<KernelProcess>();

/** Kills every kernel that this process has started and not yet closed. */
export function killLiveKernels(): void {
  for (const kernel of live) kernel.kill();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * One fresh Deno kernel with the runner's hooks in it. Whoever starts it must `close()` it.
 * Every method rejects with {@link KernelDiedError} when the kernel's process ends.
 */
export class KernelSession {
  /** Whether the kernel holds a cell open until its outputs are out; else the session waits. */
  holdsCells = false;

  #process: KernelProcess;
  #client!: KernelClient;
  #options: KernelSessionOptions;
  #token = `driftsched-runner-${crypto.randomUUID()}`;
  #died: Promise<never>;
  #published = new Set<string>();
  #awaited = new Map<string, () => void>();
  #lastOutput = 0;
  #fencesAnswered = 0;

  private constructor(process: KernelProcess, options: KernelSessionOptions) {
    this.#process = process;
    this.#options = options;
    this.#died = process.ended.then((how) => {
      live.delete(process);
      throw new KernelDiedError(`The kernel ${how}`);
    });
    this.#died.catch(() => {});
  }

  /** Starts a kernel; a start that fails (a port taken meanwhile) is tried again, four times. */
  static async start(options: KernelSessionOptions): Promise<KernelSession> {
    const failures: string[] = [];
    while (failures.length < START_ATTEMPTS) {
      const process = await spawnKernel(options);
      live.add(process);
      const session = new KernelSession(process, options);
      try {
        await session.#connect(options.startSeconds ?? DEFAULT_START_SECONDS);
        await session.#installHooks();
        return session;
      } catch (error) {
        await session.close();
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    throw new Error(`Cannot start a Deno kernel: ${failures.join("; ")}`);
  }

  /**
   * Executes one cell; resolves when it and everything it printed or displayed is done. `null` when
   * it succeeded, else its error.
   */
  async execute(code: string): Promise<KernelError | null> {
    const reply = await this.#request(code, { silent: false, store_history: true });
    if (reply.status === "ok" && this.holdsCells) return null;
    if (!this.holdsCells) await this.#quiet();
    await this.#callHook("fence()");
    if (reply.status === "ok") return null;
    const { ename, evalue, traceback } = reply as unknown as KernelError;
    const unread = evalue === "Execution failed" && traceback.length === 0;
    return unread ? explainSyntaxError(code) : readableError({ ename, evalue, traceback });
  }

  /**
   * Waits for late output and errors of what the cells left running: `least` ms, and up to `most`
   * ms while a worker lives or a timer is due by then.
   */
  settle(least: number, most: number): Promise<void> {
    return this.#callHook(`settle(${least}, ${most})`);
  }

  /** Ends the kernel; resolves when its process and its files are gone. Safe to call again. */
  async close(): Promise<void> {
    this.#process.kill();
    this.#client?.close();
    await this.#process.ended;
  }

  async #connect(seconds: number): Promise<void> {
    let expired = false;
    let timer: ReturnType<typeof setTimeout>;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        expired = true;
        reject(new Error(`it did not answer within ${seconds} s`));
      }, seconds * 1000);
    });
    const connect = async () => {
      while (!expired) {
        try {
          return await KernelClient.connect(this.#process.connection, {
            onOutput: (message) => this.#take(message),
            onInput: (prompt) => this.#answer(prompt),
          });
        } catch {
          await pause(CONNECT_PAUSE);
        }
      }
      throw new Error("expired");
    };
    const connecting = connect();
    // A connection that comes too late must not stay open.
    connecting.then((client) => expired && client.close(), () => {});
    try {
      this.#client = await Promise.race([connecting, deadline, this.#died]);
    } finally {
      expired ||= this.#client === undefined;
      clearTimeout(timer!);
    }
  }

  async #installHooks(): Promise<void> {
    const module = JSON.stringify(new URL("./hooks/install.ts", import.meta.url).href);
    const code = `(await import(${module})).installRunnerHooks(${JSON.stringify(this.#token)});`;
    const reply = await this.#request(code, { silent: true, store_history: false });
    if (reply.status !== "ok") throw new Error(`its set-up failed: ${reply.evalue}`);
    // Tried, not assumed: the end of this empty cell must be held by a fence.
    await this.#request("undefined;", { silent: false, store_history: false });
    this.holdsCells = this.#fencesAnswered > 0;
  }

  async #request(
    code: string,
    flags: { readonly silent: boolean; readonly store_history: boolean },
  ): Promise<Record<string, unknown>> {
    const content = {
      code,
      ...flags,
      user_expressions: {},
      allow_stdin: true,
      stop_on_error: false,
    };
    const { reply, done } = this.#client.request("execute_request", content);
    const [answer] = await Promise.race([Promise.all([reply, done]), this.#died]);
    return answer;
  }

  async #callHook(call: string): Promise<void> {
    const code = `await globalThis[Symbol.for(${JSON.stringify(HOOKS_SYMBOL)})].${call};`;
    await this.#request(code, { silent: true, store_history: false });
  }

  async #quiet(): Promise<void> {
    const from = performance.now();
    while (performance.now() - Math.max(this.#lastOutput, from) < QUIET) {
      await Promise.race([pause(QUIET / 4), this.#died]);
    }
  }

  #take({ type, content }: JupyterMessage): void {
    if (type === "status" || type === "execute_input") return;
    if (type === FENCE_MESSAGE) {
      const id = String(content.id);
      this.#published.add(id);
      this.#awaited.get(id)?.();
    } else if (type === STRAY_MESSAGE) {
      const { execution_count, ...error } = content as unknown as StrayError & {
        readonly execution_count: number | null;
      };
      this.#options.onStray(readableError({ ...error, executionCount: execution_count }));
    } else {
      this.#lastOutput = performance.now();
      const isError = type === "error" && Array.isArray(content.traceback);
      const shown = isError ? readableError(content as unknown as KernelError) : content;
      this.#options.onOutput(type, shown as Record<string, unknown>);
    }
  }

  /** Answers a fence once its message is here; nobody else in the kernel can still ask. */
  async #answer(prompt: string): Promise<string> {
    if (!prompt.startsWith(this.#token)) return "";
    if (!this.#published.delete(prompt)) {
      await new Promise<void>((resolve) => this.#awaited.set(prompt, resolve));
      this.#awaited.delete(prompt);
      this.#published.delete(prompt);
    }
    this.#fencesAnswered++;
    return "ok";
  }
}
