/** Work was given up: it took too long, or its caller no longer wants it. */
export class GivenUpError extends Error {
  readonly kind: "time-out" | "interrupted";

  constructor(kind: "time-out" | "interrupted", message: string) {
    super(message);
    this.kind = kind;
    this.name = kind === "time-out" ? "TimeoutError" : "Interrupted";
  }
}

export interface GuardedOptions {
  readonly seconds: number;
  readonly signal?: AbortSignal;
  /** What the work is called in messages. */
  readonly what: string;
}

/**
 * The outcome of `work`, or a {@link GivenUpError} when the clock or the caller's signal comes
 * first. The work itself goes on until whoever does it is stopped.
 */
export async function guarded<T>(work: Promise<T>, options: GuardedOptions): Promise<T> {
  const { seconds, signal, what } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: () => void = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    const late = new GivenUpError("time-out", `${what} ran longer than ${seconds} s`);
    timer = setTimeout(() => reject(late), seconds * 1000);
    abort = () => reject(new GivenUpError("interrupted", `${what} was interrupted`));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
  });
  work.catch(() => {});
  try {
    return await Promise.race([givenUp, work]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
