import { parseWith } from "../errors/parse-with.ts";
import { IndexedHeap } from "../collections/indexed-heap.ts";
import { STATUSES } from "../runs/run.ts";
import { Scheduler } from "../gateway/scheduler.ts";
import { phaseEnd, type Requests } from "../workload/workload.ts";
import type { FailureReason } from "./client/failure.ts";
import type { Ending, Entry, Measured, StopReason } from "./journal/entry.ts";
import { BatchWorker } from "./batch-worker.ts";
import { jitteredDelay } from "./delay.ts";
import { emptyLiveRecord, type LiveRecord, NOT_OVER } from "./live-record.ts";
import { GatewayOptions, type GatewayOptionsInput } from "./gateway-options.ts";
import { ServerPool } from "./server-pool.ts";
import { verdictOf } from "./verdict.ts";

/** What the driver has to do, after the entries that led to it are in the journal. */
export type Command =
  | {
    readonly do: "send";
    readonly request: number;
    readonly attempt: number;
    readonly server: number;
    readonly priority: number;
  }
  | { readonly do: "abort"; readonly request: number; readonly attempt: number }
  | { readonly do: "probe"; readonly server: number };

/** How an attempt came to nothing. */
export interface AttemptFailure {
  readonly reason: FailureReason;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** Where a request is. */
const FUTURE = 0, WAITING = 1, PULLED = 2, OPEN = 3, RETRYING = 4, OVER = 5;

type EntryOf<K extends Entry["kind"]> = Extract<Entry, { readonly kind: K }>;

/**
 * The gateway of a live run as a state machine: told what happens and what time it is, it drives the
 * same {@link Scheduler} as a simulation does, and says what to do. Pure and synchronous: no clock,
 * no socket, no file. Everything it decides is an {@link Entry}; its state is the fold over its
 * entries, so that replaying a journal rebuilds it to the bit.
 *
 * At one instant a finish reports before an arrival is estimated, and a free place is filled last, as
 * in `simulate()`: the driver tells what has ended, then calls {@link LiveGateway.tick}.
 *
 * @example
 * const gateway = new LiveGateway(workload.requests, { servers: 1, options: {} });
 * gateway.begin({ at: 0, epochSeconds: 0 });
 * gateway.tick(0);
 * const { entries, commands } = gateway.take(); // journal the entries, then obey
 */
export class LiveGateway {
  readonly options: GatewayOptions;
  readonly scheduler: Scheduler;
  readonly record: LiveRecord;
  readonly phaseStart: Float64Array;
  readonly pool: ServerPool;
  /** Requests in no terminal state. */
  left: number;
  /** Requests that have arrived. */
  arrived = 0;
  /** Processes that have worked on this run. */
  sessions = 0;
  epochSeconds = 0;
  ended = false;
  /** The latest instant that an entry was decided at. */
  lastAt = 0;
  stopping: StopReason | null = null;

  readonly #requests: Requests;
  readonly #state: Uint8Array;
  readonly #retries = new IndexedHeap();
  readonly #workers: readonly BatchWorker[] | null;
  readonly #window: number;
  readonly #rank: (request: number) => number;
  #entries: Entry[] = [];
  #commands: Command[] = [];
  #phase = -1;
  #origin = 0;
  #batches = 0;
  #stoppedAt = Infinity;
  #overAt = Infinity;

  constructor(
    requests: Requests,
    { servers, options }: { readonly servers: number; readonly options: GatewayOptionsInput },
  ) {
    this.options = parseWith(GatewayOptions, options, "live options");
    const { dispatch, scheduler } = this.options;
    this.scheduler = new Scheduler(requests, scheduler);
    this.record = emptyLiveRecord(requests.size);
    this.phaseStart = new Float64Array(requests.phases.length).fill(NaN);
    this.pool = new ServerPool(servers);
    this.left = requests.size;
    this.#requests = requests;
    this.#state = new Uint8Array(requests.size);
    this.#workers = dispatch.rule === "micro-batch"
      ? this.pool.servers.map(() => new BatchWorker(dispatch))
      : null;
    this.#window = dispatch.rule === "in-flight" ? dispatch.window : Infinity;
    this.#rank = dispatch.rule === "pass-through" ? this.scheduler.serverRank() : () => 0;
  }

  /** Requests handed over whose end is not known yet. */
  get open(): number {
    return this.pool.open;
  }

  /** Requests whose last attempt failed and that wait for the next one. */
  get retrying(): number {
    return this.#retries.size;
  }

  /** When the last request of the phase that runs is due. */
  get lastArrival(): number {
    const end = this.#phaseEnd;
    return end > 0 ? this.#origin + this.#requests.arrival[end - 1] : 0;
  }

  /** Whether the attempt is the one that is open now; what an older one brings comes too late. */
  isOpen(request: number, attempt: number): boolean {
    return this.#state[request] === OPEN && this.record.attempts[request] === attempt;
  }

  /** Entries and commands since the last call: the entries are to be written down first. */
  take(): { readonly entries: readonly Entry[]; readonly commands: readonly Command[] } {
    const taken = { entries: this.#entries, commands: this.#commands };
    this.#entries = [];
    this.#commands = [];
    return taken;
  }

  /** A process takes the run up; what was open when an earlier one died is tried again. */
  begin({ at, epochSeconds }: { readonly at: number; readonly epochSeconds: number }): void {
    this.#commit({ kind: "session", at, session: this.sessions + 1, epochSeconds });
    if (this.#phase < 0) this.#commit({ kind: "phase", at: 0, phase: 0 });
  }

  /** An answer is whole. */
  completed(request: number, attempt: number, { at, measured }: AttemptEnd): void {
    if (!this.isOpen(request, attempt)) return;
    const server = this.record.server[request];
    this.#commit({ kind: "completed", at, request, attempt, measured });
    this.#endBatch(server, at);
  }

  /** An attempt has failed. */
  failed(
    request: number,
    attempt: number,
    { at, measured, failure }: AttemptEnd & { readonly failure: AttemptFailure },
  ): void {
    if (!this.isOpen(request, attempt)) return;
    const { retry, health, seed } = this.options;
    const server = this.record.server[request];
    const { reason, message, retryAfterSeconds } = failure;
    // A server may ask for patience, but not for more than a dead one gets.
    const after = Math.min(retryAfterSeconds ?? 0, health.giveUpSeconds);
    const verdict = verdictOf(reason, measured.status);
    const failures = this.record.failures[request] + 1;
    if (verdict.then === "reject") {
      this.#commit({ kind: "rejected", at, request, reason, message, measured });
    } else if (this.stopping !== null) {
      const ending = this.stopping === "no-server" ? "failed" : "cancelled";
      this.#commit({ kind: ending, at, request, reason, message, measured });
    } else if (failures >= retry.attempts) {
      this.#commit({ kind: "failed", at, request, reason, message, measured });
    } else {
      const wait = jitteredDelay(retry, failures, { seed, name: `live/retry/${request}` });
      const due = at + Math.max(wait, after);
      this.#commit({ kind: "retry", at, request, attempt, reason, message, due, measured });
    }
    if (after > 0) this.#commit({ kind: "hold", at, server, until: at + after });
    this.#judgeServer(server, { verdict: verdict.server, reason, at });
    this.#endBatch(server, at);
  }

  /** What a probe of a server that was taken out has said. */
  probed(server: number, at: number, healthy: boolean): void {
    const state = this.pool.servers[server];
    if (state.in || this.ended) return;
    if (healthy) this.#commit({ kind: "in", at, server });
    else state.probeAt = at + this.#probeDelay(server);
  }

  /** Something to remember, which changes nothing. */
  note(at: number, what: string, seconds: number): void {
    this.#commit({ kind: "note", at, what, seconds });
  }

  /** Takes nothing on any more: what is not open ends now, what is open after the drain. */
  stop(at: number, why: StopReason): void {
    if (this.stopping !== null || this.ended) return;
    this.#commit({ kind: "stopping", at, why });
    this.#endUnsent(at);
  }

  /** Lets pass what is due by `now`: arrivals, retries, probes, limits; then fills free places. */
  tick(now: number): void {
    if (this.ended) return;
    const limit = this.options.timeLimitSeconds ?? Infinity;
    this.#admitUpTo(now);
    if (now >= limit) this.stop(now, "time-limit");
    if (now >= this.pool.noneSince + this.options.health.giveUpSeconds) this.stop(now, "no-server");
    if (this.stopping !== null) this.#endUnsent(now);
    if (now >= this.#drainedAt) this.#abortOpen(now);
    this.#probe(now);
    // A phase without a pause has its first arrivals at once.
    while (this.#startPhase(now)) this.#admitUpTo(now);
    if (this.#workers === null) this.#fill(now);
    else for (let i = 0; i < this.#workers.length; i++) this.#work(i, now);
    if (this.left > 0 || this.open > 0) return;
    if (this.#overAt === Infinity) this.#overAt = now + this.options.cooldownSeconds;
    if (now >= this.#overAt) this.#commit({ kind: "ended", at: now });
  }

  /** The next instant after `now` at which something is due by itself; Infinity: nothing. */
  nextTimer(now: number): number {
    if (this.ended) return Infinity;
    let next = Math.min(this.#nextArrival(), this.pool.nextTimer(now), this.#overAt);
    if (this.stopping === null) {
      next = Math.min(next, this.options.timeLimitSeconds ?? Infinity);
      next = Math.min(next, this.pool.noneSince + this.options.health.giveUpSeconds);
    } else if (this.open > 0) next = Math.min(next, this.#drainedAt);
    // One that is due already waits for a place and not for an instant.
    if (this.#retries.size > 0 && this.#retries.headKey > now) {
      next = Math.min(next, this.#retries.headKey);
    }
    if (this.left === 0 || this.#workers === null) return next;
    this.#workers.forEach(({ state, wakeAt }, server) => {
      if (state === "serving" || (state === "free" && !this.pool.takes(server, now))) return;
      next = Math.min(next, wakeAt);
    });
    return next;
  }

  /**
   * Takes an entry of a journal in as if it had just been decided. Throws an Error that says what
   * differs where the scheduler would have decided otherwise: another version wrote the journal.
   */
  replay(entry: Entry): void {
    if (entry.kind === "pulled" || entry.kind === "sent") {
      const { request, at } = entry;
      if (this.#state[request] === WAITING) this.#expectNext(request, at);
      else if (this.#state[request] === RETRYING) this.#retries.remove(request);
      else throw new Error(`request ${request} does not wait`);
      this.#state[request] = PULLED;
    }
    this.#apply(entry);
  }

  #expectNext(request: number, at: number): void {
    const next = this.scheduler.next(at);
    if (next !== request) {
      throw new Error(`the scheduler hands out request ${next}, and not ${request}`);
    }
  }

  #commit(entry: Entry): void {
    this.#apply(entry);
    this.#entries.push(entry);
  }

  #apply(entry: Entry): void {
    this.lastAt = Math.max(this.lastAt, entry.at);
    switch (entry.kind) {
      case "session":
        return this.#takeUp(entry);
      case "phase":
        this.#phase = entry.phase;
        this.#origin = this.phaseStart[entry.phase] = entry.at;
        return;
      case "arrived":
        this.scheduler.admit(entry.request, entry.at);
        this.record.late[entry.request] = entry.late;
        this.#state[entry.request] = WAITING;
        this.arrived++;
        return;
      case "sent":
        return this.#open(entry.request, entry.server, entry.at);
      case "pulled":
        this.#workers![entry.server].members.push(entry.request);
        return;
      case "batch":
        return this.#openBatch(entry);
      case "batch-done":
        return this.#learnBatch(entry.server, entry.at);
      case "completed":
        return this.#accept(entry);
      case "retry":
        return this.#takeBack(entry);
      case "failed":
      case "rejected":
      case "cancelled":
        return this.#close(entry);
      case "out":
        return this.pool.takeOut(entry.server, entry.at);
      case "in":
        return this.pool.takeIn(entry.server);
      case "hold": {
        const server = this.pool.servers[entry.server];
        server.heldUntil = Math.max(server.heldUntil, entry.until);
        return;
      }
      case "stopping":
        this.stopping = entry.why;
        this.#stoppedAt = entry.at;
        return;
      case "note":
        return;
      case "ended":
        this.ended = true;
        return;
      default:
        entry satisfies never;
    }
  }

  #takeUp({ at, session, epochSeconds }: EntryOf<"session">): void {
    this.sessions = session;
    this.epochSeconds = epochSeconds;
    this.#overAt = Infinity;
    this.pool.reset();
    this.#workers?.forEach((worker, server) => {
      if (worker.state === "serving") this.#learnBatch(server, at);
      else worker.release(at);
    });
    for (let request = 0; request < this.#state.length; request++) {
      const state = this.#state[request];
      if (state !== OPEN && state !== PULLED) continue;
      this.#state[request] = RETRYING;
      this.#retries.push(request, at);
    }
  }

  #open(request: number, server: number, at: number): void {
    this.#state[request] = OPEN;
    this.record.start[request] = at;
    this.record.server[request] = server;
    this.record.attempts[request]++;
    this.pool.servers[server].open++;
  }

  #openBatch({ at, server, batch }: EntryOf<"batch">): void {
    const worker = this.#workers![server];
    for (const request of worker.members) {
      this.#open(request, server, at);
      this.record.batch[request] = batch;
      this.record.batchSize[request] = worker.members.length;
    }
    this.#batches = batch + 1;
    worker.startServing();
  }

  /** The request is not open at its server any more. */
  #leaveServer(request: number): number {
    const server = this.record.server[request];
    this.pool.servers[server].open--;
    if (this.#workers !== null) this.#workers[server].running--;
    return server;
  }

  #accept({ request, measured }: EntryOf<"completed">): void {
    const { record } = this;
    const server = this.#leaveServer(request);
    this.pool.servers[server].failures = 0;
    record.outputTokens[request] = measured.completionTokens ?? -1;
    record.measured[request] = measured;
    this.#over(request, "completed");
    if (this.#workers !== null) return;
    record.firstToken[request] = measured.firstToken;
    record.finish[request] = measured.lastToken;
    this.#observe(request);
  }

  #observe(request: number): void {
    const { completionTokens, words } = this.record.measured[request]!;
    this.scheduler.observe(request, { outputTokens: completionTokens ?? 0, outputWords: words });
  }

  /** The batch of `server` is over: learns from its answers in batch order. */
  #learnBatch(server: number, at: number): void {
    const worker = this.#workers![server];
    for (const request of worker.members) {
      if (this.record.status[request] !== 0) continue;
      this.record.finish[request] = at;
      this.#observe(request);
    }
    worker.release(at);
  }

  #takeBack({ request, reason, due, measured }: EntryOf<"retry">): void {
    const server = this.#leaveServer(request);
    this.record.failures[request]++;
    if (verdictOf(reason as FailureReason, measured.status).server !== undefined) {
      this.pool.servers[server].failures++;
    }
    this.#state[request] = RETRYING;
    this.#retries.push(request, due);
  }

  #close({ kind, at, request, reason, message, measured }: EntryOf<Ending>): void {
    const { record, scheduler } = this;
    const state = this.#state[request];
    if (state === WAITING) scheduler.cancel(request);
    if (state === RETRYING) this.#retries.remove(request);
    if (state === OPEN) {
      const server = this.#leaveServer(request);
      if (measured !== null) {
        record.failures[request]++;
        const blamed = verdictOf(reason as FailureReason, measured.status).server !== undefined;
        if (blamed) this.pool.servers[server].failures++;
      }
    }
    if (state === OPEN || state === RETRYING || state === PULLED) scheduler.abandon(request);
    if (state === PULLED) {
      for (const worker of this.#workers ?? []) {
        worker.members = worker.members.filter((member) => member !== request);
      }
    }
    record.reason[request] = reason;
    record.message[request] = message;
    record.measured[request] = measured;
    // What never arrived has no end that could be timed.
    if (state !== FUTURE) record.finish[request] = at;
    this.#over(request, kind);
  }

  #over(request: number, status: (typeof STATUSES)[number]): void {
    const code = STATUSES.indexOf(status);
    if (this.record.status[request] !== NOT_OVER) {
      throw new Error(`request ${request} has ended twice`);
    }
    this.record.status[request] = code;
    this.record.counts[code]++;
    this.#state[request] = OVER;
    this.left--;
  }

  #judgeServer(
    server: number,
    { verdict, reason, at }: { verdict?: "dead" | "sick"; reason: string; at: number },
  ): void {
    const state = this.pool.servers[server];
    if (verdict === undefined || !state.in) return;
    if (verdict === "sick" && state.failures < this.options.health.failures) return;
    this.#commit({ kind: "out", at, server, reason });
    state.probeAt = at + this.#probeDelay(server);
  }

  #probeDelay(server: number): number {
    const { health, seed } = this.options;
    const wait = { baseSeconds: health.probeSeconds, maxSeconds: health.probeMaxSeconds };
    const count = ++this.pool.servers[server].probes;
    return jitteredDelay(wait, count, { seed, name: `live/probe/${server}` });
  }

  #probe(now: number): void {
    this.pool.servers.forEach((state, server) => {
      if (state.probeAt > now) return;
      state.probeAt = Infinity;
      this.#commands.push({ do: "probe", server });
    });
  }

  #endBatch(server: number, at: number): void {
    const worker = this.#workers?.[server];
    if (worker?.state !== "serving" || worker.running > 0) return;
    this.#commit({ kind: "batch-done", at, server });
  }

  get #phaseEnd(): number {
    return this.#phase < 0 ? 0 : phaseEnd(this.#requests, this.#phase);
  }

  #nextArrival(): number {
    if (this.stopping !== null || this.arrived >= this.#phaseEnd) return Infinity;
    return this.#origin + this.#requests.arrival[this.arrived];
  }

  #admitUpTo(now: number): void {
    const last = Math.min(now, this.options.timeLimitSeconds ?? Infinity);
    for (let at = this.#nextArrival(); at <= last; at = this.#nextArrival()) {
      this.#commit({ kind: "arrived", at, request: this.arrived, late: now - at });
    }
  }

  /**
   * Starts the next phase's clock if the one before has drained, as `simulate()` does: in micro-batch
   * when its queue is empty, else when its last request has ended.
   */
  #startPhase(now: number): boolean {
    const { phases, size } = this.#requests;
    const end = this.#phaseEnd;
    if (this.stopping !== null || this.#phase + 1 >= phases.length || this.arrived < end) {
      return false;
    }
    const drained = this.#workers === null
      ? this.left === size - end
      : this.scheduler.waiting === 0 && this.#retries.size === 0;
    if (!drained) return false;
    const phase = this.#phase + 1;
    this.#commit({ kind: "phase", at: now + phases[phase].afterDrainSeconds, phase });
    return true;
  }

  /** Takes out who goes next: one whose retry is due, else the scheduler's choice; -1: nobody. */
  #takeNext(now: number): number {
    const request = this.#retries.size > 0 && this.#retries.headKey <= now
      ? this.#retries.pop()
      : this.scheduler.next(now);
    if (request >= 0) this.#state[request] = PULLED;
    return request;
  }

  #hasNext(now: number): boolean {
    return this.scheduler.waiting > 0 || (this.#retries.size > 0 && this.#retries.headKey <= now);
  }

  #fill(now: number): void {
    while (this.#hasNext(now)) {
      const server = this.pool.freest(now, this.#window);
      if (server < 0) return;
      const request = this.#takeNext(now);
      const attempt = this.record.attempts[request] + 1;
      this.#commit({ kind: "sent", at: now, request, attempt, server });
      this.#send(request);
    }
  }

  #send(request: number): void {
    this.#commands.push({
      do: "send",
      request,
      attempt: this.record.attempts[request],
      server: this.record.server[request],
      priority: this.#rank(request),
    });
  }

  /** One worker of the micro-batch rule: see `serveMicroBatches`. */
  #work(server: number, now: number): void {
    const worker = this.#workers![server];
    while (worker.state !== "serving" && worker.wakeAt <= now) {
      if (worker.state === "free") {
        if (!this.pool.takes(server, now)) return;
        if (!this.#hasNext(now)) {
          worker.sleep(now);
          continue;
        }
        worker.startGathering(now);
      }
      if (!worker.gathered) {
        while (!worker.full && this.#hasNext(now)) {
          this.#commit({ kind: "pulled", at: now, request: this.#takeNext(now), server });
        }
        while (this.#startPhase(now));
        if (worker.looked() === "wait") continue;
      }
      const batch = this.#batches;
      if (worker.members.length === 0) worker.release(now);
      else this.#commit({ kind: "batch", at: now, server, batch });
      for (const request of worker.members) this.#send(request);
    }
  }

  /** Ends what is not open: the run takes nothing on any more. */
  #endUnsent(at: number): void {
    if (this.left === this.open) return;
    for (let request = 0; request < this.#state.length; request++) {
      const state = this.#state[request];
      if (state !== OPEN && state !== OVER) this.#end(request, at);
    }
  }

  /** Ends a request because the run stops. */
  #end(request: number, at: number): void {
    const reason = this.stopping!;
    const kind = reason === "no-server" ? "failed" : "cancelled";
    this.#commit({ kind, at, request, reason, message: "", measured: null });
  }

  get #drainedAt(): number {
    if (this.stopping === null) return Infinity;
    const drain = this.stopping === "cancelled" ? 0 : this.options.drainSeconds;
    return this.#stoppedAt + drain;
  }

  #abortOpen(now: number): void {
    for (let request = 0; request < this.#state.length; request++) {
      if (this.#state[request] !== OPEN) continue;
      const attempt = this.record.attempts[request];
      const server = this.record.server[request];
      this.#end(request, now);
      this.#commands.push({ do: "abort", request, attempt });
      this.#endBatch(server, now);
    }
  }
}

/** How an attempt ended. */
export interface AttemptEnd {
  /** Seconds on the run's clock. */
  readonly at: number;
  readonly measured: Measured;
}
