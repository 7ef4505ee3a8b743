import { substream, uniformInt } from "../random/substream.ts";
import { isWarmUp } from "../live/warm-up.ts";
import { EventQueue } from "./event-queue.ts";
import type { TwinClock } from "./clock.ts";
import { EngineRoom, type EngineRoomOptions } from "./engine-room.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import type { FaultSpec } from "./faults/fault-spec.ts";
import type { LatenessSummary } from "./lateness.ts";
import { Lateness } from "./lateness.ts";
import type { Reply } from "./reply.ts";

/** Unix time at which virtual time begins: any, but always the same. */
const VIRTUAL_EPOCH = 1_700_000_000;
/** Longest wait of a timer, ms. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** What became of one call of `POST /twin/advance`. */
export interface Advanced {
  /** The instant reached, seconds on the twin's clock. */
  readonly now: number;
  /**
   * By `X-Request-Id`, for requests that were written to: data events so far, `[DONE]` among them.
   */
  readonly chunks: Readonly<Record<string, number>>;
  /** Requests whose response has ended since the last call. */
  readonly finished: readonly string[];
  /** Whether nothing will happen before somebody comes. */
  readonly idle: boolean;
}

/** What somebody can see of the twin's clock. */
export interface ClockDescription {
  readonly mode: TwinClock["mode"];
  readonly now: number;
  readonly speed: number;
  /**
   * Base URL of a second listener for `/twin/…` alone, which stays up when a fault takes the first
   * one down.
   */
  readonly control: string;
}

/** What brings a twin's listener down and up. */
export interface Outside {
  readonly control: string;
  /** Resolves when it listens. */
  up(): Promise<void>;
  down(): void;
  resetAll(): void;
}

/** What a {@link Twin} is made of. */
export interface TwinParts {
  readonly clock: TwinClock;
  readonly seed: number;
  readonly plan: FaultPlan;
  /** Faults that strike the server itself at an instant. */
  readonly serverFaults: readonly FaultSpec[];
  readonly room: Omit<EngineRoomOptions, "clock" | "lateness" | "startedAt">;
}

/**
 * The twin without its HTTP side: drives an {@link EngineRoom} by a clock. On a running clock by
 * timers; in virtual time by {@link advance} alone, and a request that comes while the clock stands
 * comes at that instant.
 */
export class Twin {
  readonly clock: TwinClock;
  readonly lateness = new Lateness();
  room: EngineRoom;
  /** Requests for an answer so far. */
  requests = 0;

  readonly #parts: TwinParts;
  /** What befalls the server itself. */
  readonly #fate = new EventQueue();
  readonly #ids;
  #outside: Outside | null = null;
  #disarm: () => void = () => {};
  #advancing: Promise<unknown> = Promise.resolve();
  #rising: Promise<void> | undefined;

  constructor(parts: TwinParts) {
    this.#parts = parts;
    this.clock = parts.clock;
    this.#ids = substream(parts.seed, "twin/ids");
    this.room = this.#newRoom();
    for (const fault of parts.serverFaults) {
      if (fault.kind === "restart") this.#fate.add(fault.at!, () => this.restart(fault.seconds));
      if (fault.kind === "refuse") this.#fate.add(fault.at!, () => this.refuse(fault.seconds));
    }
  }

  /** Makes it known how to go down and up; the twin lives from now on. */
  connect(outside: Outside): void {
    this.#outside = outside;
    this.arm();
  }

  #newRoom(): EngineRoom {
    const { clock, lateness } = this;
    return new EngineRoom({
      ...this.#parts.room,
      clock,
      lateness,
      startedAt: this.#unixSeconds(),
    });
  }

  #unixSeconds(): number {
    return this.clock.mode === "virtual" ? VIRTUAL_EPOCH + this.now() : Date.now() / 1000;
  }

  now(): number {
    return this.clock.now();
  }

  /** Unix seconds, whole. */
  unixTime(): number {
    return Math.floor(this.#unixSeconds());
  }

  /** A new id, the same ones for the same seed. */
  drawId(): string {
    let id = "";
    for (let i = 0; i < 4; i++) {
      id += uniformInt(this.#ids, 2 ** 32).toString(16).padStart(8, "0");
    }
    return id;
  }

  describeClock(): ClockDescription {
    const { mode, speed } = this.clock;
    return { mode, now: this.now(), speed, control: this.#outside!.control };
  }

  /** The fault of a request that has just come; a warm-up of ours suffers none and is not counted. */
  faultOf(id: string | null): FaultSpec | null {
    this.requests++;
    if (id !== null && isWarmUp(id)) return null;
    return this.#parts.plan.next(id, this.now());
  }

  /** Takes a reply's requests in: now, after everything that has happened by now. */
  admit(reply: Reply, arrival: number, priority: number): void {
    this.catchUp();
    const now = this.now();
    reply.open(now);
    this.room.admit(reply, { now, arrival, priority });
    this.#flushAndArm();
  }

  /**
   * Empties the prefix cache when the server's loop comes to it. Resolves to whether nobody held a KV
   * block, as it must be.
   * @param preemptRunning whether those who run give theirs up first
   */
  resetPrefixCache(preemptRunning: boolean): Promise<boolean> {
    this.catchUp();
    return new Promise((resolve) => {
      this.room.resetPrefixCache({ preemptRunning, then: resolve });
      this.#flushAndArm();
    });
  }

  /** The client of `reply` has closed its connection. */
  gone(reply: Reply): void {
    if (reply.over) return;
    this.catchUp();
    reply.drop();
    this.#flushAndArm();
  }

  /** On a running clock, lets happen what is due. */
  catchUp(): void {
    if (this.clock.mode === "virtual") return;
    const now = this.now();
    this.#fate.runUntil(now);
    this.room.runTo(now);
  }

  /** On a running clock, writes what is overdue: a burst of requests must not keep tokens waiting. */
  keepUp(): void {
    if (this.clock.mode === "virtual" || !this.room.isBehind(this.now())) return;
    this.catchUp();
    this.#flushAndArm();
  }

  #flushAndArm(): void {
    if (this.clock.mode === "virtual") this.room.flushNow();
    else this.room.flush();
    this.arm();
  }

  /** Sets the timer for what is due next. */
  arm(): void {
    this.#disarm();
    if (this.clock.mode === "virtual" || this.#outside === null) return;
    const due = Math.min(this.room.due, this.#fate.due);
    if (due === Infinity) return;
    const ms = 1000 * (due - this.now()) / this.clock.speed;
    const wake = () => this.#wake();
    // A timer knows whole milliseconds: in real time the rest is waited for turn by turn.
    if (this.clock.mode === "real" && ms < 1) {
      const turn = setImmediate(wake);
      this.#disarm = () => clearImmediate(turn);
    } else {
      const whole = this.clock.mode === "real" ? Math.floor(ms) : Math.ceil(ms);
      const timer = setTimeout(wake, Math.min(LONGEST_WAIT, Math.max(0, whole)));
      this.#disarm = () => clearTimeout(timer);
    }
  }

  #wake(): void {
    this.catchUp();
    this.room.ended.length = 0;
    this.room.written.clear();
    this.#flushAndArm();
  }

  /**
   * In virtual time: goes on to `until`, or to the first instant before at which a response ends, with
   * everything written up to there. Calls wait for each other.
   */
  advance(until: number): Promise<Advanced> {
    const advanced = this.#advancing.then(() => this.#advance(until));
    this.#advancing = advanced.catch(() => {});
    return advanced;
  }

  async #advance(until: number): Promise<Advanced> {
    // Clients that have closed their connection before they called are noticed first.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.room.ended.length === 0) {
      const target = Math.max(this.now(), Math.min(until, this.#fate.due));
      this.room.runTo(target, true);
      const struck = this.#fate.runUntil(this.now());
      if (!struck && (this.now() >= until || this.#idle)) break;
    }
    // Who is told of an instant finds the listener as it is at that instant.
    await this.#rising;
    const { written, ended } = this.room;
    const chunks: Record<string, number> = {};
    for (const reply of written) chunks[reply.id] = reply.events;
    const finished = ended.map(({ id }) => id);
    written.clear();
    ended.length = 0;
    return { now: this.now(), chunks, finished, idle: this.#idle };
  }

  /** Whether nothing will happen before somebody comes. */
  get #idle(): boolean {
    return this.room.idle && this.#fate.due === Infinity;
  }

  /** Refuses new connections for `seconds`. */
  refuse(seconds: number): void {
    this.#outside?.down();
    this.#fate.add(this.now() + seconds, () => {
      this.#rising = this.#outside?.up();
    });
    this.arm();
  }

  /** Dies, and comes back empty after `seconds`. */
  restart(seconds: number): void {
    const before = this.room;
    before.crash();
    this.room = this.#newRoom();
    this.room.ended.push(...before.ended);
    for (const reply of before.written) this.room.written.add(reply);
    this.#outside?.resetAll();
    this.refuse(seconds);
  }

  /** Ends open replies like a server that is told to stop. */
  stop(): LatenessSummary {
    this.#disarm();
    this.catchUp();
    this.room.flushNow();
    this.room.abortAll(this.now());
    this.#outside = null;
    return this.lateness.summary();
  }
}
