import type { ServerConfig } from "../servers/continuous/config.ts";
import { type CacheReset, ContinuousEngine } from "../servers/continuous/engine.ts";
import {
  FINISHED,
  FIRST_TOKEN,
  PREEMPTED,
  SCHEDULED,
  TOKEN,
} from "../servers/continuous/event-log.ts";
import { NO_REQUESTS } from "../servers/continuous/server-requests.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";
import { EventQueue } from "./event-queue.ts";
import type { TwinClock } from "./clock.ts";
import type { Flight } from "./flight.ts";
import { Lateness } from "./lateness.ts";
import { ServerMetrics } from "./metrics/server-metrics.ts";
import { TokenChains } from "./prefix/token-chains.ts";
import type { Reply, ReplyHost } from "./reply.ts";

/** Replies written in a row before others get a turn: vLLM's slice of outputs. */
const SLICE = 128;

/** vLLM's priorities have 64 bits, the engine's 32: what lies beyond counts as its end. */
const MOST_URGENT = -(2 ** 31);
const LEAST_URGENT = 2 ** 31 - 1;

/** What an {@link EngineRoom} is made of. */
export interface EngineRoomOptions {
  readonly config: ServerConfig;
  readonly cost: StepCost;
  readonly clock: TwinClock;
  readonly model: string;
  readonly blocksOverride: number | null;
  readonly perRequestMetrics: boolean;
  /** Unix seconds at which this server comes up. */
  readonly startedAt: number;
  readonly lateness: Lateness;
}

/** Next instant that is after `at`. */
const after = (at: number) => at + Math.max(1e-12, at * 2 ** -52);

/**
 * One life of the server: an engine, its open replies, its counters. A restart makes a new one. It
 * has no time of its own: whoever drives it calls {@link runTo}, then {@link flush}.
 */
export class EngineRoom implements ReplyHost {
  readonly perRequestMetrics: boolean;
  readonly metrics: ServerMetrics;
  readonly eventQueue = new EventQueue();
  /** Open replies. */
  readonly open = new Set<Reply>();
  /** Replies that wrote events, and that the twin ended, since somebody cleared these. */
  readonly written = new Set<Reply>();
  readonly ended: Reply[] = [];

  readonly #engine: ContinuousEngine;
  /** What blocks the open requests consist of; null: the server has no prefix cache. */
  readonly #chains: TokenChains | null;
  readonly #clock: TwinClock;
  readonly #lateness: Lateness;
  /** By row of the engine. */
  readonly #aloft: ({ readonly flight: Flight; readonly reply: Reply } | undefined)[] = [];
  readonly #pending = new Set<Reply>();
  /** Replies that a fault will cut off: until then every step is looked at before the next. */
  #armed = 0;
  #reached = 0;
  #flushing = false;

  constructor(options: EngineRoomOptions) {
    const { config, cost, clock, model, blocksOverride, startedAt } = options;
    this.perRequestMetrics = options.perRequestMetrics;
    const chains = config.enable_prefix_caching
      ? new TokenChains(config.block_size, (block) => this.#engine.caches(block))
      : null;
    this.#chains = chains;
    const lengths = chains === null ? NO_REQUESTS : { ...NO_REQUESTS, identity: chains };
    this.#engine = new ContinuousEngine(config, lengths, { cost, tokens: true });
    this.#clock = clock;
    this.#lateness = options.lateness;
    this.metrics = new ServerMetrics({
      model,
      config,
      blocksOverride,
      startedAt,
      gauges: () => ({
        running: this.#engine.running,
        waiting: this.#engine.waiting,
        kvCacheUsage: this.#engine.usedBlocks / (config.num_gpu_blocks - 1),
      }),
    });
  }

  /** When there is something to do again, if nobody comes or goes; Infinity: nothing is left. */
  get due(): number {
    return Math.min(this.#engine.due, this.eventQueue.due);
  }

  /** Whether something is overdue at `now`. */
  isBehind(now: number): boolean {
    return this.#pending.size > 0 || this.due <= now;
  }

  /** Whether nothing will happen by itself. */
  get idle(): boolean {
    return this.#engine.unfinished === 0 && this.eventQueue.due === Infinity;
  }

  /**
   * Hands the flights of `reply` to the engine at `now`, up to which the room has run.
   * @param arrival when the HTTP request came
   */
  admit(reply: Reply, { now, arrival, priority }: Admission): void {
    this.open.add(reply);
    if (reply.isArmed) this.#armed++;
    const urgency = Math.min(LEAST_URGENT, Math.max(MOST_URGENT, priority));
    for (const flight of reply.flights) {
      const { promptTokens, maxTokens, text } = flight.plan;
      flight.row = this.#engine.append({ promptTokens, outputTokens: text.tokens, maxTokens });
      this.#aloft[flight.row] = { flight, reply };
      this.#chains?.open(flight.row, {
        prompt: flight.prompt!.ids,
        answer: text.allTokenIds(),
        salt: flight.prompt!.salt,
      });
      flight.prompt = null;
      flight.arrival = arrival;
      this.#engine.submit(flight.row, now, urgency);
    }
  }

  /**
   * Lets everything happen that is due by `until`, that instant included.
   * @param stop whether to stop at the first instant at which a reply ends: all that was written by
   * then is flushed
   * @returns the instant reached
   */
  runTo(until: number, stop = false): number {
    for (;;) {
      if (until === Infinity && this.idle) return this.#reached;
      let target = Math.min(until, this.eventQueue.due);
      if (this.#armed > 0) target = Math.min(target, after(this.#engine.due));
      const reached = this.#engine.unfinished > 0 ? this.#engine.advance(target) : target;
      this.#reached = reached;
      this.#clock.set?.(reached);
      this.#tell();
      this.eventQueue.runUntil(reached);
      if (stop) {
        this.flushNow();
        if (this.ended.length > 0) return reached;
      }
      if (reached >= until) return reached;
    }
  }

  /** Tells the replies what the engine's last advance brought. */
  #tell(): void {
    const { kind, request, at, size } = this.#engine.events;
    let step = NaN, stepTokens = 0;
    for (let i = 0; i < size; i++) {
      const aloft = this.#aloft[request[i]];
      if (aloft === undefined) continue;
      const { flight, reply } = aloft;
      const now = at[i];
      switch (kind[i]) {
        case SCHEDULED:
          flight.queued = this.#engine.queued[flight.row];
          flight.scheduled = now;
          this.#scheduled(flight);
          break;
        case PREEMPTED:
          flight.preemptions++;
          flight.unbooked++;
          break;
        case FIRST_TOKEN:
        case TOKEN: {
          if (now !== step) {
            if (stepTokens > 0) this.metrics.step(stepTokens);
            step = now;
            stepTokens = 0;
          }
          stepTokens += flight.tokens === 0 ? 1 + flight.plan.promptTokens - flight.cached : 1;
          this.#token(flight, reply, now);
          break;
        }
        case FINISHED:
          // Said with its last token.
      }
    }
    if (stepTokens > 0) this.metrics.step(stepTokens);
    this.#engine.events.size = 0;
  }

  #scheduled(flight: Flight): void {
    flight.cached = this.#engine.cachedTokens[flight.row];
    if (this.#chains !== null) {
      const { block_size } = this.#engine.config;
      const full = flight.plan.promptTokens - flight.plan.promptTokens % block_size;
      flight.created = full - flight.cached;
    }
    this.metrics.scheduled(flight);
  }

  #token(flight: Flight, reply: Reply, at: number): void {
    const { text } = flight.plan;
    text.make();
    const before = flight.lastToken;
    flight.lastToken = at;
    if (text.made === 1) flight.firstToken = at;
    this.metrics.token(flight, at, before);
    if (text.isWhole) {
      flight.ended = true;
      this.#forget(flight);
      this.metrics.finished(flight, reply.answersPerPrompt);
    }
    reply.token(flight, at);
  }

  #forget({ row }: Flight): void {
    this.#aloft[row] = undefined;
    this.#chains?.close(row);
  }

  /** Empties the prefix cache; see `ContinuousEngine.resetPrefixCache`. */
  resetPrefixCache(reset: CacheReset): void {
    this.#engine.resetPrefixCache(reset);
  }

  later(at: number, then: (at: number) => void): void {
    this.eventQueue.add(at, then);
  }

  abandon(flights: readonly Flight[]): void {
    for (const flight of flights) {
      if (this.#aloft[flight.row]?.flight !== flight) continue;
      this.#forget(flight);
      this.#engine.abort(flight.row);
    }
  }

  ready(reply: Reply): void {
    this.#pending.add(reply);
  }

  closed(reply: Reply): void {
    this.open.delete(reply);
    this.#pending.delete(reply);
    if (!reply.isDropped) {
      this.written.add(reply);
      this.ended.push(reply);
    }
    if (reply.isArmed) this.#armed--;
  }

  /** Writes everything that has gathered. */
  flushNow(): void {
    for (const reply of this.#pending) this.#write(reply);
  }

  /** Writes a slice of what has gathered; the rest soon, or by the next call. */
  flush(): void {
    let written = 0;
    for (const reply of this.#pending) {
      if (written++ === SLICE) break;
      this.#write(reply);
    }
    if (this.#pending.size === 0 || this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.flush();
    });
  }

  #write(reply: Reply): void {
    this.#pending.delete(reply);
    this.written.add(reply);
    const oldest = reply.flush();
    if (Number.isNaN(oldest) || this.#clock.speed === 0) return;
    const late = (this.#clock.now() - oldest) / this.#clock.speed;
    this.#lateness.add(late);
    this.metrics.late(Math.max(0, late));
  }

  /** Ends all open replies as a server that is shut down does: reason `abort`. */
  abortAll(at: number): void {
    for (const reply of [...this.open]) {
      for (const flight of reply.flights) {
        if (!flight.ended) flight.abort();
      }
      reply.abort(at);
    }
  }

  /** The server dies: connections are reset, nothing is said. */
  crash(): void {
    this.eventQueue.clear();
    for (const reply of [...this.open]) reply.reset();
  }
}

/** When a reply is admitted, and how urgent it is. */
export interface Admission {
  readonly now: number;
  readonly arrival: number;
  readonly priority: number;
}
