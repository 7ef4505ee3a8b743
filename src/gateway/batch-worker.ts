import type { MicroBatch } from "./dispatch.ts";

/** The paper's worker in front of one server: sleeps, gathers, waits for its batch. */
export class BatchWorker {
  /** Requests of the batch that is gathered or served, in batch order. */
  members: number[] = [];
  state: "free" | "gathering" | "serving" = "free";
  /** Members that are still open. */
  running = 0;
  /** When it wants to look again; of no meaning while it serves. */
  wakeAt = 0;
  #from = 0;
  #steps = 0;

  constructor(private readonly options: MicroBatch) {}

  get full(): boolean {
    return this.members.length >= this.options.maxBatch;
  }

  /**
   * There was nothing to pull: sleeps on from where it fell asleep, a whole number of its idle times,
   * until `next`, the instant before which nobody can come. (Infinity: one idle time, to look again.)
   */
  sleep(now: number, next = Infinity): void {
    const { idleSeconds } = this.options;
    if (this.#steps === 0) this.#from = now;
    const steps = next === Infinity ? 0 : Math.ceil((next - this.#from) / idleSeconds);
    this.#steps = Math.max(this.#steps + 1, steps);
    this.wakeAt = this.#from + this.#steps * idleSeconds;
  }

  startGathering(now: number): void {
    this.state = "gathering";
    this.#from = now;
    this.#steps = 0;
  }

  /** Whether the window for gathering has passed. */
  get gathered(): boolean {
    const { pollSeconds, windowSeconds } = this.options;
    return this.#steps > 0 && this.#steps * pollSeconds >= windowSeconds;
  }

  /** It has looked: hand over now, or look again later. */
  looked(): "hand-over" | "wait" {
    const { windowSeconds, pollSeconds } = this.options;
    if (this.full || windowSeconds === 0) return "hand-over";
    this.#steps++;
    this.wakeAt = this.#from + this.#steps * pollSeconds;
    return "wait";
  }

  startServing(): void {
    this.state = "serving";
    this.running = this.members.length;
  }

  /** Ready for the next batch. */
  release(now: number): void {
    this.members = [];
    this.running = 0;
    this.state = "free";
    this.#steps = 0;
    this.wakeAt = now;
  }
}
