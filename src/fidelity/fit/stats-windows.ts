import type { StatsLine } from "./stats-line.ts";

/** What an engine did between two stats lines. */
export interface StatsWindow {
  readonly promptRate: number;
  readonly generationRate: number;
  /** Mean of the requests running at the window's two ends. */
  readonly running: number;
  /** Mean share of the KV cache in use at both ends; NaN where unknown. */
  readonly kvUsage: number;
  readonly hitRate: number;
}

/** How far apart the loads at both ends may be, for their mean to stand for the window. */
const MOST_CHANGE = 2;

/**
 * Windows between two stats lines in a row of one engine whose load is known: it ran requests at both
 * ends, about as many, and preempted none. Of more than `limit` windows every second is kept, every
 * fourth, and so on.
 */
export class StatsWindows {
  #windows: StatsWindow[] = [];
  #before: StatsLine | null = null;
  #stride = 1;
  /** Windows whose load is known, those that were let go among them. */
  usable = 0;
  /** Windows that say nothing, and why. */
  readonly leftOut = { idle: 0, unsteady: 0, preempting: 0 };

  constructor(readonly engine: string, private readonly limit: number) {}

  push(line: StatsLine): void {
    const before = this.#before;
    this.#before = line;
    if (before === null) return;
    const low = Math.min(before.running, line.running);
    if (low === 0 || line.generationRate === 0) this.leftOut.idle++;
    else if (Math.max(before.running, line.running) > MOST_CHANGE * low) this.leftOut.unsteady++;
    else if (line.preemptions > 0) this.leftOut.preempting++;
    else this.#keep(before, line);
  }

  get windows(): readonly StatsWindow[] {
    return this.#windows;
  }

  #keep(before: StatsLine, line: StatsLine): void {
    if (this.usable++ % this.#stride !== 0) return;
    this.#windows.push({
      promptRate: line.promptRate,
      generationRate: line.generationRate,
      running: (before.running + line.running) / 2,
      kvUsage: (before.kvUsage + line.kvUsage) / 2,
      hitRate: line.hitRate,
    });
    if (this.#windows.length <= this.limit) return;
    this.#stride *= 2;
    this.#windows = this.#windows.filter((_, i) => i % 2 === 0);
  }
}
