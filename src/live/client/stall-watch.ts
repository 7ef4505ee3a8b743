import type { FailureReason } from "./failure.ts";

/** How long a server may be silent, in seconds of real time; Infinity: for ever. */
export interface StallLimits {
  /** From sending to the first event: waiting in the server's queue is in it. */
  readonly firstByteSeconds: number;
  /** Between two reads of a stream. */
  readonly betweenChunksSeconds: number;
}

export type StallReason = Extract<FailureReason, `stalled-${string}`>;

/** A stream that is watched. */
export interface Watched {
  /** Bytes came. */
  heard(): void;
  /** No longer watched. */
  release(): void;
}

interface Entry {
  /** Milliseconds on the process's clock. */
  since: number;
  /** Seconds. */
  limit: number;
  readonly onStall: () => void;
}

/** Most seconds between two looks: a stall is found this late at most. */
const LONGEST_PERIOD = 0.25;

/**
 * Watches many streams with one timer: re-arming a timer of its own at each chunk would cost more
 * than reading the chunk. Real time, whatever clock the run has.
 */
export class StallWatch {
  readonly #limits: StallLimits;
  readonly #entries = new Set<Entry>();
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(limits: StallLimits) {
    this.#limits = limits;
  }

  /** @param onStall is told which limit was passed, and its seconds */
  watch(onStall: (reason: StallReason, limit: number) => void): Watched {
    let reason: StallReason = "stalled-first-byte";
    const entry: Entry = {
      since: performance.now(),
      limit: this.#limits.firstByteSeconds,
      onStall: () => onStall(reason, entry.limit),
    };
    this.#entries.add(entry);
    this.#start();
    return {
      heard: () => {
        reason = "stalled-between-chunks";
        entry.since = performance.now();
        entry.limit = this.#limits.betweenChunksSeconds;
      },
      release: () => {
        this.#entries.delete(entry);
        if (this.#entries.size === 0) this.#stop();
      },
    };
  }

  #start(): void {
    const shortest = Math.min(this.#limits.firstByteSeconds, this.#limits.betweenChunksSeconds);
    if (this.#timer !== null || shortest === Infinity) return;
    this.#timer = setInterval(() => this.#look(), 1000 * Math.min(LONGEST_PERIOD, shortest / 4));
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const now = performance.now();
    for (const entry of [...this.#entries]) {
      if (now - entry.since > 1000 * entry.limit) entry.onStall();
    }
  }
}
