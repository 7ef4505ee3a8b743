import type { StepCost } from "../costs/step-cost.ts";
import type { StepPower } from "../costs/step-power.ts";
import type { ServerConfig } from "./config.ts";
import type { DecisionCore } from "./decision-core.ts";
import { EnergyMeter } from "./energy-meter.ts";
import { EventLog, FINISHED, FIRST_TOKEN, PREEMPTED, SCHEDULED, TOKEN } from "./event-log.ts";
import { FrontEnd } from "./front-end.ts";
import { AT_SERVER, CANCELLED, COMPLETED, OPEN, REJECTED } from "./request-state.ts";
import { ServerSeries } from "./server-series.ts";
import { type AppendedLengths, type RequestLengths, tokenCaps } from "./server-requests.ts";
import { SkippingCore } from "./skipping-core.ts";
import { StepwiseCore } from "./stepwise-core.ts";
import { Stretch } from "./stretch.ts";
import { widened } from "../../collections/widened.ts";

/** Options of {@link ContinuousEngine}. */
export interface EngineOptions {
  /** What a step costs. */
  readonly cost: StepCost;
  /** What it draws while it computes a step and while it idles. @default nothing is counted */
  readonly power?: StepPower;
  /** `stepwise` walks every step: slow, and what the other is tested against. @default skipping */
  readonly stepping?: "skipping" | "stepwise";
  /**
   * Whether somebody follows the run: {@link ContinuousEngine.events} are written, and `advance`
   * stops at each finish. Else it runs through to `until`. @default true
   */
  readonly events?: boolean;
  /**
   * Whether {@link ContinuousEngine.events} tell of every token. Steps are then walked one by one:
   * the same decisions and instants, at a cost per token. @default false
   */
  readonly tokens?: boolean;
  /** Whether {@link ContinuousEngine.series} are recorded. @default false */
  readonly series?: boolean;
  /**
   * Seconds for which the server's loop sleeps when requests remain but none could be scheduled.
   * Source: vLLM reference §5.7. @default 0.001
   */
  readonly emptyStepSeconds?: number;
  /** Called with each planned step and how often it is taken; for tests and for looking inside. */
  readonly observe?: (core: DecisionCore, repeats: number) => void;
}

/** How busy a server is, for gateways and routers. */
export interface ServerLoad {
  /** Sequences that hold KV blocks. */
  readonly running: number;
  /** Requests that have arrived at the scheduler and hold no KV blocks, preempted ones among them. */
  readonly waiting: number;
  /** KV blocks that sequences hold, and that nobody holds. */
  readonly usedBlocks: number;
  readonly freeBlocks: number;
  /** Requests submitted and not ended: those that run or wait, and those in the front end. */
  readonly open: number;
}

/** Somebody asks to empty the prefix cache. */
export interface CacheReset {
  /**
   * Whether those who run are preempted first, and their tokens in flight made again. For engines that
   * tell of every token. @default false
   */
  readonly preemptRunning?: boolean;
  /** Told whether nobody held a block, so that it was emptied, and when. */
  readonly then: (done: boolean, at: number) => void;
}

/** What became of requests, by column. Shape (n) each; seconds since the run's start. */
export interface Served {
  /** First scheduling (where vLLM ends the queue time); NaN: never. */
  readonly scheduled: Float64Array;
  readonly firstToken: Float64Array;
  /** Last token; NaN unless completed. */
  readonly finish: Float64Array;
  readonly preemptions: Int32Array;
  /** Tokens that came from the prefix cache when the request was scheduled first. */
  readonly cachedTokens: Int32Array;
  /** Terminal states by code, or how far it is; codes of `request-state.ts`. */
  readonly state: Uint8Array;
}

/**
 * A vLLM 0.30 server in virtual time: its scheduler's decisions (a {@link DecisionCore}), and a
 * clock that a step-cost model drives. A gateway submits requests and advances the clock; events
 * come out. Deterministic, synchronous, no allocation per request or step.
 *
 * A request is a row of `lengths`, submitted once. Instants given to `submit` and `advance` must not
 * go back. Time follows vLLM's engine loop (reference §5.7): synchronous scheduling plans a step
 * when the one before has ended; asynchronous plans step k + 1 when step k − 1 has ended, while k
 * runs, and a request that comes during k runs from k + 2 on.
 *
 * Every request ends. Among requests handed over at one instant the first counts as the earlier
 * arrival, as it would on a real server; so ranks are strict, and the first in rank always gets on.
 * (vLLM's scheduler alone, given equal arrivals, can let two requests evict each other for ever.)
 *
 * A front end that does not know its requests in advance starts without rows and appends them; one
 * that streams asks for tokens; {@link due} says when to come back; {@link abort} takes the request
 * of a client out that is gone.
 *
 * @example
 * const config = servers.ServerConfig.parse({ max_model_len: 4096, num_gpu_blocks: 9000 });
 * const engine = new servers.ContinuousEngine(config, lengths, { cost });
 * engine.submit(0, 0.5);
 * engine.advance(Infinity); // the instant at which request 0 has finished
 * @example
 * const engine = new servers.ContinuousEngine(config, servers.NO_REQUESTS, { cost, tokens: true });
 * // A client comes, or goes:
 * const request = engine.append({ promptTokens: 120, outputTokens: 40, maxTokens: 64 });
 * engine.submit(request, now());
 * engine.abort(request); // after engine.advance(now())
 * // A timer at engine.due, set anew after all of these:
 * const until = now();
 * for (let reached = -1; reached < until;) {
 *   reached = engine.advance(until); // stops at each finish
 *   const { size, kind, request, at } = engine.events;
 *   // FIRST_TOKEN, TOKEN…, FINISHED of request[i] at instant at[i].
 *   for (let i = 0; i < size; i++) onEvent(kind[i], request[i], at[i]);
 * }
 */
export class ContinuousEngine implements Served {
  readonly config: ServerConfig;
  // By request; may have more rows than there are requests once some were appended.
  /** When the scheduler first saw it, after the front end; NaN: never. */
  queued: Float64Array;
  scheduled: Float64Array;
  firstToken: Float64Array;
  finish: Float64Array;
  preemptions: Int32Array;
  cachedTokens: Int32Array;
  state: Uint8Array;
  /** Requests known: rows of the columns that count. */
  size: number;
  /** A stretch that is cut in two is summed in two parts, which may round otherwise. */
  readonly stopsWithoutTrace = false;
  /** What the last call of {@link advance} brought. */
  readonly events = new EventLog();
  /** null unless asked for. */
  readonly series: ServerSeries | null;
  /** Steps computed so far. */
  steps = 0;
  /** Requests submitted that have not come to an end. */
  unfinished = 0;

  readonly #core: DecisionCore;
  #lengths: RequestLengths;
  #priority: Int32Array;
  /** Order of being submitted, which stands for the time of arrival. */
  #rank: Int32Array;
  #submitted = 0;
  readonly #stretch: Stretch;
  readonly #energy: EnergyMeter | null;
  readonly #emptyStepSeconds: number;
  readonly #depth: number;
  readonly #logs: boolean;
  readonly #logsTokens: boolean;
  /** Whether the core knows of each token in flight whose it is. */
  readonly #tellsTokens: boolean;
  readonly #observe: EngineOptions["observe"];
  /** Asked for, and not done yet. */
  readonly #resets: CacheReset[] = [];
  readonly #frontEnd: FrontEnd;
  /** Arrivals of all requests if they are known, and how many of them have come. */
  #arrivals: Float64Array | null = null;
  #arrived = 0;
  /** When the scheduler sees the next request, if nobody comes before; Infinity: none. */
  #nextReady = Infinity;

  /** When the next call of `schedule()` is due. */
  #now = 0;
  /** When the newest batch ends. */
  #deviceFree = 0;
  /** Whether a batch is to be delivered before the next call, and when it ends. */
  #delivers = false;
  #deliveryAt = 0;
  /** How far the caller wants to go, and how far that came. */
  #until = 0;
  #reached = 0;

  /**
   * @param config a parsed {@link ServerConfig}
   * @param lengths of the requests known so far; see {@link append}
   */
  constructor(config: ServerConfig, lengths: RequestLengths, options: EngineOptions) {
    const { cost, stepping = "skipping", tokens = false, series = false } = options;
    const { events = true } = options;
    this.config = config;
    const count = lengths.promptTokens.length;
    this.size = count;
    this.#lengths = lengths;
    this.#priority = new Int32Array(count);
    this.#rank = new Int32Array(count);
    this.#stretch = new Stretch(cost, config.max_num_seqs);
    this.#energy = options.power === undefined
      ? null
      : new EnergyMeter(options.power, config.max_num_seqs);
    this.#frontEnd = new FrontEnd(
      cost.frontEnd ?? { cpuSeconds: cost.perRequest, service: "one by one" },
    );
    this.#emptyStepSeconds = options.emptyStepSeconds ?? 1e-3;
    this.#depth = config.async_scheduling ? 2 : 1;
    this.#logs = events;
    this.#logsTokens = events && tokens;
    this.#tellsTokens = this.#logsTokens || stepping === "stepwise";
    this.#observe = options.observe;
    this.series = series ? new ServerSeries() : null;
    this.queued = new Float64Array(count).fill(NaN);
    this.scheduled = new Float64Array(count).fill(NaN);
    this.firstToken = new Float64Array(count).fill(NaN);
    this.finish = new Float64Array(count).fill(NaN);
    this.preemptions = new Int32Array(count);
    this.cachedTokens = new Int32Array(count);
    this.state = new Uint8Array(count).fill(OPEN);
    const requests = { ...lengths, priority: this.#priority, arrivalRank: this.#rank };
    // A gateway may answer a finish, and series have to be written in order of time.
    const runAhead = !events && !series;
    this.#core = stepping === "stepwise"
      ? new StepwiseCore(config, requests)
      : new SkippingCore(config, requests, { runAhead, tokens: this.#logsTokens });
  }

  /** Sequences that hold KV blocks, and blocks that they hold. */
  get running(): number {
    return this.#core.running;
  }
  get usedBlocks(): number {
    return this.config.num_gpu_blocks - 1 - this.#core.freeBlocks;
  }

  /**
   * Joules drawn up to `at`, seconds since the run's start, at the earliest the instant that `advance`
   * has reached: all steps begun by then, whole, and the time between them. NaN without
   * {@link EngineOptions.power}.
   */
  joulesUntil(at: number): number {
    return this.#energy?.joulesWithIdle(this.#deviceFree, at) ?? NaN;
  }

  /** Joules drawn up to the end of the last step begun. NaN without {@link EngineOptions.power}. */
  get joules(): number {
    return this.#energy?.joules ?? NaN;
  }

  /** How busy it is at the instant that `advance` has reached. */
  load(): ServerLoad {
    this.#letIn();
    const { running, waiting, freeBlocks } = this.#core;
    const { usedBlocks } = this;
    return { running, waiting, usedBlocks, freeBlocks, open: this.unfinished };
  }

  /** Requests that the server's scheduler has seen and that hold no KV blocks. */
  get waiting(): number {
    return this.#core.waiting;
  }

  /**
   * The instant that `advance` has to pass for something to happen, if nobody comes or goes (a step
   * due at an instant is planned once nobody can come at it any more); Infinity: nothing is left.
   */
  get due(): number {
    if (this.#delivers) return this.#deliveryAt;
    return this.#core.unfinished > 0 ? this.#now : Math.max(this.#now, this.#nextReady);
  }

  /**
   * Makes a row for a request that was not known before; returns its number, to be submitted. The
   * columns may be new arrays afterwards.
   */
  append(lengths: AppendedLengths): number {
    const row = this.size++;
    if (row >= this.state.length || this.#lengths.maxTokens === undefined) {
      this.#grow(Math.max(64, 2 * row));
    }
    const { promptTokens, outputTokens, maxTokens } = this.#lengths;
    promptTokens[row] = lengths.promptTokens;
    outputTokens[row] = lengths.outputTokens;
    maxTokens![row] = lengths.maxTokens ?? lengths.outputTokens;
    return row;
  }

  #grow(rows: number): void {
    const before = this.state.length;
    const { promptTokens, outputTokens, maxTokens = outputTokens } = this.#lengths;
    this.#lengths = {
      ...this.#lengths,
      promptTokens: widened(promptTokens, rows),
      outputTokens: widened(outputTokens, rows),
      maxTokens: widened(maxTokens, rows),
    };
    this.#priority = widened(this.#priority, rows);
    this.#rank = widened(this.#rank, rows);
    this.queued = widened(this.queued, rows).fill(NaN, before);
    this.scheduled = widened(this.scheduled, rows).fill(NaN, before);
    this.firstToken = widened(this.firstToken, rows).fill(NaN, before);
    this.finish = widened(this.finish, rows).fill(NaN, before);
    this.preemptions = widened(this.preemptions, rows);
    this.cachedTokens = widened(this.cachedTokens, rows);
    this.state = widened(this.state, rows).fill(OPEN, before);
    this.#core.grow({ ...this.#lengths, priority: this.#priority, arrivalRank: this.#rank });
  }

  /**
   * Hands a request over at `now`, seconds since the run's start. It goes through the front end first.
   * @param priority a whole number of 32 bits, lower is more urgent; no effect under fcfs, as in
   * vLLM
   * @returns false when the server refuses it: it can't fit `max_model_len`
   */
  submit(request: number, now: number, priority = 0): boolean {
    if (!this.#accept(request)) return false;
    if ((priority | 0) !== priority) {
      throw new RangeError(
        `Cannot submit: priority must be a whole number of 32 bits, current value is ${priority}`,
      );
    }
    this.#priority[request] = priority;
    this.#rank[request] = this.#submitted++;
    this.unfinished++;
    this.#frontEnd.arrival = now;
    this.#frontEnd.push(request, this.#lengths.promptTokens[request]);
    this.#nextReady = this.#frontEnd.nextReady;
    return true;
  }

  /**
   * Hands all requests over, each at its arrival: the first call on an engine, and the only one.
   * @param arrival shape (n), seconds since the run's start, ascending
   * @param priority shape (n)
   */
  submitAll(arrival: Float64Array, priority?: Int32Array): void {
    this.#arrivals = arrival;
    if (priority !== undefined) this.#priority.set(priority);
    this.unfinished = arrival.length;
    this.#lookAhead();
  }

  /**
   * Takes a request out whose client is gone, at the instant that `advance` has reached: its tokens
   * in flight are dropped, its seat and its blocks are free for the next step to be planned. Source:
   * vLLM reference §2.6 and §5.7.
   * @returns false when it is not open: it has ended before, or was never submitted
   */
  abort(request: number): boolean {
    this.#letIn();
    const state = this.state[request];
    if (state === AT_SERVER) this.#core.abort(request);
    else if (state !== OPEN || !this.#frontEnd.has(request)) return false;
    this.state[request] = CANCELLED;
    this.unfinished--;
    if (this.#core.unfinished === 0) this.#emptyCache(this.#reached);
    if (this.series !== null) {
      this.series.queueDepth.set(this.#reached, this.#core.waiting);
      this.series.kvBlocks.set(this.#delivers ? this.#deliveryAt : this.#now, this.usedBlocks);
      if (this.unfinished === 0) this.series.batchSize.set(this.#deviceFree, 0);
    }
    return true;
  }

  /** Whether the prefix cache holds a block that the requests' `BlockIdentity` gives that number. */
  caches(block: number): boolean {
    return this.#core.caches(block);
  }

  /**
   * Empties the prefix cache, as vLLM's `POST /reset_prefix_cache` does (vLLM reference §1): when the
   * server's loop comes to it, which is before the next step is planned; at once if there is none. Its
   * answer is told to `reset.then`. Nothing changes while somebody holds a block.
   */
  resetPrefixCache(reset: CacheReset): void {
    if (reset.preemptRunning && !this.#tellsTokens) {
      throw new Error("Cannot preempt those who run: start the engine with `tokens`");
    }
    this.#resets.push(reset);
    if (this.#core.unfinished === 0) this.#emptyCache(this.#reached);
  }

  /** Answers those who have asked for it. */
  #emptyCache(at: number): void {
    if (this.#resets.length === 0) return;
    for (const { preemptRunning = false, then } of this.#resets.splice(0)) {
      if (preemptRunning) this.#preemptAll(at);
      then(this.#core.resetPrefixCache(), at);
    }
  }

  #preemptAll(at: number): void {
    const core = this.#core;
    core.view.now = at;
    core.preemptAll();
    this.#stampPreempted();
    if (this.series === null) return;
    this.series.queueDepth.set(at, core.waiting);
    this.series.kvBlocks.set(at, this.usedBlocks);
    this.#recordPreemptions(at);
  }

  /** Lets the server see what has arrived, also if no step could begin since. */
  #letIn(): void {
    if (this.#nextReady > this.#reached) return;
    const idle = this.#core.unfinished === 0 && this.#core.inFlight === 0;
    if (idle) this.#now = Math.max(this.#now, this.#nextReady);
    while (this.#nextReady <= this.#reached) this.#takeIn();
  }

  /**
   * Finds out when the scheduler sees the next request. Of those whose arrivals are known all come that
   * can bear on it, but for those that the server refuses.
   */
  #lookAhead(): void {
    const arrivals = this.#arrivals, frontEnd = this.#frontEnd;
    if (arrivals !== null) {
      while (this.#arrived < arrivals.length) {
        frontEnd.arrival = arrivals[this.#arrived];
        if (!frontEnd.isOpen) break;
        const request = this.#arrived++;
        if (this.#accept(request)) {
          this.#rank[request] = this.#submitted++;
          frontEnd.push(request, this.#lengths.promptTokens[request]);
        } else this.unfinished--;
      }
    }
    this.#nextReady = frontEnd.nextReady;
  }

  /** Whether the server takes the request, by its length. */
  #accept(request: number): boolean {
    const prompt = this.#lengths.promptTokens[request];
    const cap = tokenCaps(this.#lengths)[request];
    const fits = prompt >= 1 && cap >= 1 && prompt + cap <= this.config.max_model_len;
    if (!fits) this.state[request] = REJECTED;
    return fits;
  }

  /**
   * Runs up to `until` (everything that has happened by then, that instant included), or to the end
   * of the first step by which a request finishes, so that a gateway can answer it.
   * @returns the instant reached: `until`, or that of the finish
   */
  advance(until: number): number {
    this.events.size = 0;
    this.#until = until;
    while (this.#goesOn());
    return this.#reached;
  }

  /**
   * One turn of the server's loop: takes in what is due, and plans the next stretch. False when
   * `advance` has to stop. A turn is a function of its own because a loop that runs for seconds
   * within one call is compiled less well than a function that is called often.
   */
  #goesOn(): boolean {
    this.#reached = this.#until;
    if (this.#delivers) {
      if (this.#deliveryAt > this.#until) return false;
      if (this.#deliver() && this.#logs) {
        this.#reached = this.#deliveryAt;
        return false;
      }
    }
    if (this.#now <= this.#until) this.#emptyCache(this.#now);
    if (this.#now >= this.#until) return false;
    if (this.#nextReady <= this.#now) this.#absorb();
    if (this.#core.unfinished > 0) {
      this.#plan();
    } else if (this.#core.inFlight > 0) {
      // With nobody to plan ahead for, the loop waits for what the device still computes in vain.
      this.#delivers = true;
      this.#deliveryAt = this.#now = Math.max(this.#now, this.#deviceFree);
    } else {
      if (this.#nextReady >= this.#until) return false;
      this.#now = this.#nextReady;
    }
    return true;
  }

  /** Lets the server see what is ready, in time for the step that is due now. */
  #absorb(): void {
    while (this.#nextReady <= this.#now) this.#takeIn();
  }

  /** Lets the server see the next request, unless its client is gone already. */
  #takeIn(): void {
    const request = this.#frontEnd.take();
    if (this.state[request] === OPEN) {
      this.state[request] = AT_SERVER;
      this.queued[request] = this.#nextReady;
      this.#core.view.now = this.#nextReady;
      this.#core.add(request);
    }
    this.series?.queueDepth.set(this.#nextReady, this.#core.waiting);
    this.#lookAhead();
  }

  /** One call of `schedule()`, and the repetitions of its step that nothing can disturb. */
  #plan(): void {
    const core = this.#core, { step } = core, stretch = this.#stretch;
    core.view.now = this.#now;
    core.schedule();
    if (step.admitted.size > 0) this.#stampAdmitted();
    if (step.preempted.size > 0) this.#stampPreempted();
    stretch.planned = this.#now;
    stretch.start = Math.max(this.#now, this.#deviceFree);
    this.#energy?.idle(this.#deviceFree, stretch.start);
    let repeats = 1;
    if (step.sequences > 0) {
      stretch.price(step);
      if (step.repeats > 1 && !this.#logsTokens) repeats = this.#undisturbed();
      stretch.run(repeats);
      this.#energy?.run(step, stretch, repeats);
      this.steps += repeats;
    } else {
      stretch.hostSeconds = 0;
      stretch.lastStart = stretch.end = stretch.start;
    }
    this.#observe?.(core, repeats);
    if (this.series !== null) this.#record(repeats);
    core.take(repeats);

    this.#delivers = core.inFlight === this.#depth;
    if (this.#depth === 1) {
      this.#deliveryAt = this.#now = stretch.end;
    } else {
      // The host takes outputs in, and plans again, when it has launched this step.
      const launched = this.#now + stretch.hostSeconds;
      this.#deliveryAt = Math.max(launched, this.#deviceFree);
      this.#now = Math.max(launched, stretch.lastStart);
    }
    this.#deviceFree = stretch.end;
    if (step.sequences === 0) this.#now += this.#emptyStepSeconds;
  }

  /** Repetitions of the planned step up to the first call that sees an arrival or `until`. */
  #undisturbed(): number {
    const { step } = this.#core, stretch = this.#stretch;
    const repeats = step.repeats < stretch.most ? step.repeats : stretch.most;
    stretch.limit = step.heedsArrivals ? Math.min(this.#until, this.#nextReady) : this.#until;
    if (stretch.limit === Infinity) return repeats;
    // The call after repetition n comes when it ends; async, when repetition n - 1 ends.
    if (this.#depth === 1) return stretch.firstToReach(repeats);
    if (repeats === 1 || stretch.start >= stretch.limit) return 1;
    return 1 + stretch.firstToReach(repeats - 1);
  }

  #stampAdmitted(): void {
    const { admitted: { items, size }, cached } = this.#core.step;
    const now = this.#now;
    for (let i = 0; i < size; i++) {
      const request = items[i];
      if (this.scheduled[request] >= 0) continue;
      this.scheduled[request] = now;
      this.cachedTokens[request] = cached[i];
      if (this.#logs) this.events.push(SCHEDULED, request, now);
    }
  }

  /** Those preempted at the instant that the core was last told. */
  #stampPreempted(): void {
    const { view, step: { preempted: { items, size } } } = this.#core;
    for (let i = 0; i < size; i++) {
      this.preemptions[items[i]]++;
      if (this.#logs) this.events.push(PREEMPTED, items[i], view.now);
    }
  }

  /** Takes the oldest batch's outputs in; true when one of them ended a request. */
  #deliver(): boolean {
    this.#delivers = false;
    this.#core.deliver();
    // The loop does not sleep after an empty step when nobody is left.
    if (this.#core.unfinished === 0) this.#now = this.#deliveryAt;
    const { first, finished } = this.#core.delivery;
    if (this.#logsTokens) this.#logTokens();
    if (first.size > 0) this.#stampFirst();
    if (finished.size > 0) this.#stampFinished();
    if (this.#core.unfinished === 0) this.#emptyCache(this.#deliveryAt);
    return finished.size > 0;
  }

  /** Writes every token down, in the order of the running list, in which vLLM hands them out. */
  #logTokens(): void {
    const { items, size } = this.#core.delivery.tokens;
    for (let i = 0; i < size; i++) {
      const kind = this.firstToken[items[i]] >= 0 ? TOKEN : FIRST_TOKEN;
      this.events.push(kind, items[i], this.#deliveryAt);
    }
  }

  #stampFirst(): void {
    const { items, size } = this.#core.delivery.first;
    const at = this.#deliveryAt;
    for (let i = 0; i < size; i++) {
      this.firstToken[items[i]] = at;
      if (this.#logs && !this.#logsTokens) this.events.push(FIRST_TOKEN, items[i], at);
    }
  }

  #stampFinished(): void {
    const { items, size } = this.#core.delivery.finished;
    const at = this.#deliveryAt;
    for (let i = 0; i < size; i++) {
      this.finish[items[i]] = at;
      this.state[items[i]] = COMPLETED;
      if (this.#logs) this.events.push(FINISHED, items[i], at);
    }
    this.unfinished -= size;
    if (this.series === null) return;
    this.series.kvBlocks.set(at, this.usedBlocks);
    if (this.unfinished > 0) return;
    this.series.queueDepth.set(at, 0);
    this.series.batchSize.set(this.#deviceFree, 0);
  }

  #recordPreemptions(at: number): void {
    const { preemptions } = this.series!;
    const before = preemptions.size > 0 ? preemptions.value[preemptions.size - 1] : 0;
    preemptions.set(at, before + this.#core.step.preempted.size);
  }

  #record(repeats: number): void {
    const core = this.#core, { step } = core, now = this.#now, { start } = this.#stretch;
    const { batchSize, kvBlocks, queueDepth } = this.series!;
    if (start > this.#deviceFree) batchSize.set(this.#deviceFree, 0);
    batchSize.set(start, step.sequences);
    queueDepth.set(now, core.waiting);
    if (step.preempted.size > 0) this.#recordPreemptions(now);
    let used = this.usedBlocks;
    kvBlocks.set(now, used);
    for (let i = 1; i < repeats; i++) {
      const taken = core.blocksTakenBy(i);
      if (taken === 0) continue;
      used += taken;
      const ended = i - this.#depth + 1;
      kvBlocks.set(ended > 0 ? this.#stretch.endOf(ended) : start, used);
    }
  }
}
