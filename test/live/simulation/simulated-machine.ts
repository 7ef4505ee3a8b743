import { setImmediate } from "node:timers";
import type { MachineTime } from "../../../src/live/machine-time.ts";
import type { Random } from "../../../src/random/substream.ts";

/** Something that happens at an instant, in milliseconds of simulated time. */
interface Happening {
  readonly at: number;
  readonly order: number;
  /** What is called; null: taken back. */
  then: (() => void) | null;
}

/** Milliseconds by which a timer is late at most, as the platform's are. */
export const LATEST_TIMER = 25;

/** A process of a {@link SimulatedMachine}: what it has going ends with it. */
export class SimulatedProcess {
  alive = true;
  /** Timers that may still fire. */
  readonly timers = new Set<Happening>();
  readonly #deaths: (() => void)[] = [];

  /** @param started simulated instant of its start, where its monotonic clock is at zero */
  constructor(readonly started: number) {}

  /** Calls `then` when the process dies. */
  onDeath(then: () => void): void {
    this.#deaths.push(then);
  }

  /** Ends it as SIGKILL does: nothing of it runs any more. */
  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const timer of this.timers) timer.then = null;
    this.timers.clear();
    for (const then of this.#deaths.splice(0)) then();
  }
}

/**
 * Time and timers of a machine, simulated: what happens is in a queue, and between two happenings
 * everything that follows from the first is let finish. One process at a time.
 */
export class SimulatedMachine {
  /** Simulated milliseconds since the machine was switched on. */
  now = 0;
  /** Happenings so far. */
  happened = 0;
  process: SimulatedProcess;
  readonly #queue: Happening[] = [];
  #order = 0;
  /** Unix milliseconds at which the simulated time was 0, by the system's clock. */
  #epoch = 1_800_000_000_000;

  /** @param random how late timers are */
  constructor(private readonly random: Random) {
    this.process = new SimulatedProcess(0);
  }

  get wall(): number {
    return this.#epoch + this.now;
  }

  /** When something happens next; Infinity: never. */
  get next(): number {
    while (this.#queue.length > 0 && this.#queue[0].then === null) this.#queue.shift();
    return this.#queue[0]?.at ?? Infinity;
  }

  /** Somebody sets the system's clock. */
  setWall(by: number): void {
    this.#epoch += by;
  }

  /** Nobody gets a turn for so long. */
  freeze(milliseconds: number): void {
    this.now += milliseconds;
  }

  /** Starts a process. The one before must be over. */
  start(): SimulatedProcess {
    this.process = new SimulatedProcess(this.now);
    return this.process;
  }

  /** Lets `then` happen at an instant, now if that has passed. */
  at(instant: number, then: () => void): Happening {
    const happening = { at: Math.max(instant, this.now), order: this.#order++, then };
    let low = 0, high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { at, order } = this.#queue[middle];
      if (at < happening.at || at === happening.at && order < happening.order) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, happening);
    return happening;
  }

  after(milliseconds: number, then: () => void): Happening {
    return this.at(this.now + milliseconds, then);
  }

  /** Lets the next thing happen; what it throws comes out of here. */
  step(): void {
    if (this.next === Infinity) throw new Error("nothing happens any more");
    const happening = this.#queue.shift()!;
    this.now = Math.max(this.now, happening.at);
    this.happened++;
    happening.then!();
  }

  /** Lets all that follows from the last happening finish: promises, `nextTick`, `setImmediate`. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }

  /** Clocks and timers as a process has them. */
  timeOf(process: SimulatedProcess): MachineTime {
    const arm = (milliseconds: number, then: () => void, again: boolean) => {
      let takenBack = false;
      let timer: Happening;
      const set = (due: number) => {
        timer = this.at(due + this.#late(), () => {
          process.timers.delete(timer);
          if (takenBack) return;
          if (again) set(Math.max(due + milliseconds, this.now));
          then();
        });
        process.timers.add(timer);
      };
      if (process.alive) set(this.now + Math.max(0, milliseconds));
      return () => {
        takenBack = true;
        if (timer === undefined) return;
        timer.then = null;
        process.timers.delete(timer);
      };
    };
    return {
      monotonic: () => this.now - process.started,
      wall: () => this.wall,
      after: (milliseconds, then) => arm(milliseconds, then, false),
      every: (milliseconds, then) => arm(Math.max(1, milliseconds), then, true),
      soon: (then) => {
        if (!process.alive) return;
        this.after(0.05, () => {
          if (process.alive) then();
        });
      },
    };
  }

  #late(): number {
    const draw = this.random.next();
    return draw < 0.9 ? 1.2 * draw : draw < 0.99 ? 5 * this.random.next() : LATEST_TIMER * draw;
  }

  /**
   * Puts this machine's clocks and timers in the place of the global ones, for code that asks for
   * those. Returns what puts the old ones back.
   */
  install(): () => void {
    const time = () => this.timeOf(this.process);
    const mine = {
      setTimeout: (then: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]) =>
        time().after(milliseconds, () => then(...args)),
      setInterval: (then: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]) =>
        time().every(milliseconds, () => then(...args)),
      clearTimeout: takeBack,
      clearInterval: takeBack,
    };
    const before = Object.fromEntries(
      Object.keys(mine).map((name) => [name, Reflect.get(globalThis, name)]),
    );
    const clocks = { now: Date.now, monotonic: performance.now };
    Object.assign(globalThis, mine);
    Date.now = () => time().wall();
    performance.now = () => time().monotonic();
    return () => {
      Object.assign(globalThis, before);
      Date.now = clocks.now;
      performance.now = clocks.monotonic;
    };
  }
}

function takeBack(timer: unknown): void {
  if (typeof timer === "function") timer();
}
