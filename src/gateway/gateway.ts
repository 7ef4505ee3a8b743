import type { BatchWorker } from "./batch-worker.ts";
import { jitteredDelay } from "./delay.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { type GatewayState, OPEN, OVER, PULLED } from "./gateway-state.ts";
import type { Router } from "./routers/router.ts";
import type { Stage } from "./stage.ts";
import type { Answer, StopReason, Transitions } from "./transitions.ts";
import { withoutAnswers } from "../workload/without-answers.ts";

/** Where a gateway's hand-overs go: the servers, or a list of what is to be done. */
export interface Outlet {
  /** Hand a request over. False: the server refuses it, now and for ever. */
  send(request: number, attempt: number, server: number, priority: number): boolean | void;
  /** Break an attempt off. @default nothing to do: none is open when a simulation ends */
  abort?(request: number, attempt: number): void;
  /** Ask whether a server that was taken out is well; the answer goes to {@link Gateway.probed}. */
  probe?(server: number): void;
}

/** How an attempt came to nothing. */
export interface AttemptFailure {
  readonly reason: string;
  readonly message: string;
  /** Whether another attempt may succeed. */
  readonly then: "retry" | "reject";
  /** Whether it speaks against the server: `dead` at once, `sick` when it happens again and again. */
  readonly server?: "dead" | "sick";
  readonly retryAfterSeconds?: number;
}

/** What a gateway is connected to. */
export interface Connections<A extends Answer> {
  readonly outlet: Outlet;
  /** Told of each decision. @default the state alone */
  readonly transitions?: Transitions<A>;
  /** Asked in order before a request is queued. @default none */
  readonly stages?: readonly Stage[];
}

/** How a request ends that is given up because the run stops. */
const endingOf = (reason: StopReason) => reason === "no-server" ? "failed" : "cancelled";

const REFUSED = { reason: "refused-by-server", message: "too long for the server" } as const;

/**
 * The one gateway: admission, phases, dispatch, retries and learning, for a simulation, the replay of a
 * recording and a live run alike. Told what has happened and what time it is, it decides what happens
 * next; each decision is a call of {@link Transitions}, and what it knows is the {@link GatewayState}
 * that they change. Synchronous: no clock, no socket, no file.
 *
 * At one instant a finish reports before an arrival is estimated, and a free place is filled last: a
 * driver tells what has ended, then calls {@link Gateway.tick}.
 *
 * @example
 * import { GatewayOptions } from "driftsched/gateway/gateway-options.ts";
 * import { GatewayState } from "driftsched/gateway/gateway-state.ts";
 * const options = GatewayOptions.parse({ scheduler: { policy: "sjf" } });
 * const state = new GatewayState(workload.requests, { servers: 1, options });
 * const sent: number[] = [];
 * const gateway = new Gateway(state, options, { outlet: { send: (request) => void sent.push(request) } });
 * gateway.begin({ at: 0 });
 * gateway.tick(workload.requests.arrival[0]); // the first request is handed over
 */
export class Gateway<A extends Answer = Answer> {
  readonly #transitions: Transitions<A>;
  readonly #outlet: Outlet;
  readonly #stages: readonly Stage[];
  readonly #router: Router;
  readonly #rank: ((request: number) => number) | null;
  readonly #oneByOne: boolean;
  readonly #timeLimit: number;

  constructor(
    readonly state: GatewayState,
    readonly options: GatewayOptions,
    { outlet, transitions = state, stages = [] }: Connections<A>,
  ) {
    const { dispatch, router, arrivals } = options;
    this.#transitions = transitions;
    this.#outlet = outlet;
    this.#stages = stages;
    this.#router = router.definition.create(withoutAnswers(state.requests), router.options);
    this.#rank = dispatch.rule === "pass-through" ? state.scheduler.serverRank() : null;
    this.#oneByOne = arrivals === "one by one";
    this.#timeLimit = options.timeLimitSeconds ?? Infinity;
  }

  /** A process takes the run up; what was open when an earlier one died is tried again. */
  begin({ at, epochSeconds = 0 }: { readonly at: number; readonly epochSeconds?: number }): void {
    this.#transitions.takeUp(at, this.state.sessions + 1, epochSeconds);
    if (this.state.phase < 0) this.#transitions.startPhase(0, 0);
  }

  /** Whether the attempt is the one that is open now; what an older one brings comes too late. */
  #isOpen(request: number, attempt: number): boolean {
    const { where, record } = this.state;
    return where[request] === OPEN && record.attempts[request] === attempt;
  }

  /** An answer is whole. */
  completed(request: number, attempt: number, at: number, answer: A): void {
    if (!this.#isOpen(request, attempt)) return;
    const server = this.state.record.server[request];
    this.#transitions.complete(at, request, attempt, answer);
    this.#endBatch(server, at);
  }

  /** An attempt has failed; `answer` is what there was of it. */
  failed(
    request: number,
    attempt: number,
    at: number,
    { failure, answer }: { readonly failure: AttemptFailure; readonly answer: A | null },
  ): void {
    if (!this.#isOpen(request, attempt)) return;
    const { retry, health, seed } = this.options;
    const { record, stopping } = this.state;
    const server = record.server[request];
    const { reason, message, retryAfterSeconds } = failure;
    // A server may ask for patience, but not for more than a dead one gets.
    const after = Math.min(retryAfterSeconds ?? 0, health.giveUpSeconds);
    const failures = record.failures[request] + 1;
    const end = { reason, message, attempted: true, blames: failure.server !== undefined };
    if (failure.then === "reject") {
      this.#transitions.end(at, request, { ...end, kind: "rejected" }, answer);
    } else if (stopping !== null) {
      this.#transitions.end(at, request, { ...end, kind: endingOf(stopping) }, answer);
    } else if (failures >= retry.attempts) {
      this.#transitions.end(at, request, { ...end, kind: "failed" }, answer);
    } else {
      const wait = jitteredDelay(retry, failures, { seed, name: `live/retry/${request}` });
      const due = at + Math.max(wait, after);
      this.#transitions.retry(at, request, attempt, { ...end, due }, answer);
    }
    if (after > 0) this.#transitions.hold(at, server, at + after);
    this.#judgeServer(server, at, failure);
    this.#endBatch(server, at);
  }

  /** What a probe of a server that was taken out has said. */
  probed(server: number, at: number, healthy: boolean): void {
    const state = this.state.pool.servers[server];
    if (state.in || this.state.ended) return;
    if (healthy) this.#transitions.takeIn(at, server);
    else state.probeAt = at + this.#probeDelay(server);
  }

  /** Something to remember, which changes nothing. */
  note(at: number, what: string, seconds: number): void {
    this.#transitions.note(at, what, seconds);
  }

  /** Takes nothing on any more: what is not open ends now, what is open after the drain. */
  stop(at: number, why: StopReason): void {
    if (this.state.stopping !== null || this.state.ended) return;
    this.#transitions.startStopping(at, why);
    this.#endUnsent(at);
  }

  /** Lets pass what is due by `now`: arrivals, retries, probes, limits; then fills free places. */
  tick(now: number): void {
    const { state } = this, { pool, workers } = state;
    if (state.ended) return;
    const { health, cooldownSeconds } = this.options;
    this.admitUpTo(now);
    if (now >= this.#timeLimit) this.stop(now, "time-limit");
    if (!pool.calm && now >= pool.noneSince + health.giveUpSeconds) this.stop(now, "no-server");
    if (state.stopping !== null) {
      this.#endUnsent(now);
      if (now >= this.#drainedAt) this.#abortOpen(now);
    }
    if (!pool.calm) this.#probe(now);
    // A phase without a pause has its first arrivals at once.
    while (this.#startPhase(now)) this.admitUpTo(now);
    if (workers === null) this.#fill(now);
    else for (let i = 0; i < workers.length; i++) this.#work(i, now);
    if (state.left > 0 || pool.openInAll > 0) return;
    if (state.overAt === Infinity) state.overAt = now + cooldownSeconds;
    if (now >= state.overAt) this.#transitions.finish(now);
  }

  /** The next instant after `now` at which something is due by itself; Infinity: nothing. */
  nextTimer(now: number): number {
    return this.state.ended ? Infinity : Math.min(this.nextArrival, this.#nextTimerBesides(now));
  }

  /**
   * The next instant after `now` at which the gateway may hand something over, unless a request ends
   * before; Infinity: none. Arrivals that can only join the queue are passed over: whoever goes by this
   * calls {@link admitBefore} or, at each {@link nextArrival}, {@link admitUpTo}.
   */
  nextHandOver(now: number): number {
    const { ended, workers, pool } = this.state;
    if (ended) return Infinity;
    const next = this.#nextTimerBesides(now);
    // A worker looks into the queue when it wakes, and not when somebody comes.
    return workers === null && pool.anyTakes(now) ? Math.min(this.nextArrival, next) : next;
  }

  /** When the next request arrives, in the phase that runs; Infinity: nobody does. */
  get nextArrival(): number {
    const { stopping, arrived, origin, phaseEnd, requests } = this.state;
    if (stopping !== null || arrived >= phaseEnd) return Infinity;
    return origin + requests.arrival[arrived];
  }

  /** Takes in the requests that have arrived by `now`. */
  admitUpTo(now: number): void {
    const { state } = this, { phaseEnd, origin, requests: { arrival } } = state;
    const last = Math.min(now, this.#timeLimit);
    const fills = this.#oneByOne && state.workers === null;
    while (state.arrived < phaseEnd && state.stopping === null) {
      const at = origin + arrival[state.arrived];
      if (at > last) return;
      // Places that became free before go to those who wait already.
      if (fills) this.#fill(now);
      this.#arrive(at, now - at);
      if (fills) this.#fill(now);
    }
  }

  /** Takes in the requests that arrive before `instant`, each on time. */
  admitBefore(instant: number): void {
    const { state } = this, { phaseEnd, origin, requests: { arrival } } = state;
    while (state.arrived < phaseEnd && state.stopping === null) {
      const at = origin + arrival[state.arrived];
      if (at >= instant || at > this.#timeLimit) return;
      this.#arrive(at, 0);
    }
  }

  /** {@link nextTimer} but for arrivals. */
  #nextTimerBesides(now: number): number {
    const { state } = this, { pool, workers, retries } = state;
    let next = state.overAt;
    if (!pool.calm) next = Math.min(next, pool.nextTimer(now));
    if (state.stopping === null) {
      next = Math.min(next, this.#timeLimit);
      if (!pool.calm) next = Math.min(next, pool.noneSince + this.options.health.giveUpSeconds);
    } else if (pool.openInAll > 0) next = Math.min(next, this.#drainedAt);
    // One that is due already waits for a place and not for an instant.
    if (retries.size > 0 && retries.headKey > now) next = Math.min(next, retries.headKey);
    if (state.left === 0 || workers === null) return next;
    for (let server = 0; server < workers.length; server++) {
      const worker = workers[server];
      if (worker.state === "serving") continue;
      if (worker.state === "free" && !pool.isWilling(server, now)) continue;
      next = Math.min(next, worker.wakeAt);
    }
    return next;
  }

  /** The next request is there: a stage answers it, or it is queued. */
  #arrive(at: number, late: number): void {
    const request = this.state.arrived;
    if (this.#isAnsweredAhead(request, at)) this.#transitions.answerAhead(at, request, late);
    else this.#transitions.arrive(at, request, late);
  }

  #isAnsweredAhead(request: number, at: number): boolean {
    for (const stage of this.#stages) if (stage.offer(request, at) === "answered") return true;
    return false;
  }

  /**
   * Starts the next phase's clock if the one before has drained: under the micro-batch rule when its
   * queue is empty, else when its last request has ended.
   */
  #startPhase(now: number): boolean {
    const { state } = this, { phases, size } = state.requests;
    const end = state.phaseEnd;
    const phase = state.phase + 1;
    if (phase >= phases.length || state.stopping !== null || state.arrived < end) return false;
    const drained = state.workers === null
      ? state.left === size - end
      : state.scheduler.waiting === 0 && state.retries.size === 0;
    if (!drained) return false;
    this.#transitions.startPhase(now + phases[phase].afterDrainSeconds, phase);
    return true;
  }

  /** Takes out who goes next: one whose retry is due, else the scheduler's choice; -1: nobody. */
  #takeNext(now: number): number {
    const { retries, scheduler, where } = this.state;
    const request = retries.size > 0 && retries.headKey <= now
      ? retries.pop()
      : scheduler.next(now);
    if (request >= 0) where[request] = PULLED;
    return request;
  }

  #hasNext(now: number): boolean {
    const { retries, scheduler } = this.state;
    return scheduler.waiting > 0 || (retries.size > 0 && retries.headKey <= now);
  }

  #fill(now: number): void {
    const { pool, record } = this.state;
    while (this.#hasNext(now) && pool.anyTakes(now)) {
      const request = this.#takeNext(now);
      if (request < 0) return;
      const server = pool.size === 1 ? 0 : this.#router.choose(request, now, pool);
      const attempt = record.attempts[request] + 1;
      this.#transitions.send(now, request, attempt, server);
      this.#send(request, now);
    }
  }

  #send(request: number, now: number): void {
    const { record } = this.state;
    const attempt = record.attempts[request], server = record.server[request];
    const priority = this.#rank === null ? 0 : this.#rank(request);
    if (this.#outlet.send(request, attempt, server, priority) === false) {
      this.failed(request, attempt, now, { failure: { ...REFUSED, then: "reject" }, answer: null });
    }
  }

  /**
   * One worker of the micro-batch rule: pulls one request by the policy; then pulls until the batch is
   * full or the window has passed, looking again every `pollSeconds` while the queue is empty; hands
   * the batch over and waits for its longest member. With nothing to pull it sleeps.
   */
  #work(server: number, now: number): void {
    const { state } = this, worker = state.workers![server];
    while (worker.state !== "serving" && worker.wakeAt <= now) {
      if (worker.state === "free") {
        if (!state.pool.isWilling(server, now)) return;
        if (!this.#hasNext(now)) {
          this.#sleep(worker, now);
          continue;
        }
        const first = this.#takeNext(now);
        if (first < 0) {
          this.#rest(worker, now);
          continue;
        }
        worker.startGathering(now);
        this.#transitions.pull(now, first, server);
      }
      if (!worker.gathered) {
        while (!worker.full && this.#hasNext(now)) {
          const request = this.#takeNext(now);
          if (request < 0) break;
          this.#transitions.pull(now, request, server);
        }
        while (this.#startPhase(now));
        if (worker.looked() === "wait") continue;
      }
      const { members } = worker;
      if (members.length === 0) worker.release(now);
      else this.#transitions.startBatch(now, server, state.batches);
      for (const request of members) this.#send(request, now);
    }
  }

  /** Sleeps on until the first look at which there may be somebody to pull. */
  #sleep(worker: BatchWorker, now: number): void {
    worker.sleep(now, this.#isQuiet(worker) ? this.nextArrival : Infinity);
  }

  /**
   * Sleeps because the policy lets nobody start. With nothing under way and nobody to come it has
   * nothing to wait for: requests that are never let in do not keep a run going.
   */
  #rest(worker: BatchWorker, now: number): void {
    this.#sleep(worker, now);
    if (this.#isQuiet(worker) && this.nextArrival === Infinity) worker.wakeAt = Infinity;
  }

  /** Whether nothing is under way that may end, or fail and be tried again, before the next arrival. */
  #isQuiet(worker: BatchWorker): boolean {
    const { retries, pool, workers } = this.state;
    return pool.openInAll === 0 && retries.size === 0 &&
      workers!.every((other) => other === worker || other.members.length === 0);
  }

  #judgeServer(server: number, at: number, { server: verdict, reason }: AttemptFailure): void {
    const state = this.state.pool.servers[server];
    if (verdict === undefined || !state.in) return;
    if (verdict === "sick" && state.failures < this.options.health.failures) return;
    this.#transitions.takeOut(at, server, reason);
    state.probeAt = at + this.#probeDelay(server);
  }

  #probeDelay(server: number): number {
    const { health, seed } = this.options;
    const wait = { baseSeconds: health.probeSeconds, maxSeconds: health.probeMaxSeconds };
    const count = ++this.state.pool.servers[server].probes;
    return jitteredDelay(wait, count, { seed, name: `live/probe/${server}` });
  }

  #probe(now: number): void {
    const { servers } = this.state.pool;
    for (let server = 0; server < servers.length; server++) {
      if (servers[server].probeAt > now) continue;
      servers[server].probeAt = Infinity;
      this.#outlet.probe?.(server);
    }
  }

  #endBatch(server: number, at: number): void {
    const worker = this.state.workers?.[server];
    if (worker?.state !== "serving" || worker.running > 0) return;
    this.#transitions.endBatch(at, server);
  }

  /** Ends what is not open: the run takes nothing on any more. */
  #endUnsent(at: number): void {
    const { state } = this;
    if (state.left === state.pool.openInAll) return;
    for (let request = 0; request < state.where.length; request++) {
      const place = state.where[request];
      if (place !== OPEN && place !== OVER) this.#giveUp(request, at);
    }
  }

  /** Ends a request because the run stops. */
  #giveUp(request: number, at: number): void {
    const reason = this.state.stopping!;
    const end = {
      kind: endingOf(reason),
      reason,
      message: "",
      attempted: false,
      blames: false,
    } as const;
    this.#transitions.end(at, request, end, null);
  }

  get #drainedAt(): number {
    const { stopping, stoppedAt } = this.state;
    if (stopping === null) return Infinity;
    return stoppedAt + (stopping === "cancelled" ? 0 : this.options.drainSeconds);
  }

  #abortOpen(now: number): void {
    const { where, record } = this.state;
    for (let request = 0; request < where.length; request++) {
      if (where[request] !== OPEN) continue;
      const attempt = record.attempts[request], server = record.server[request];
      this.#giveUp(request, now);
      this.#outlet.abort?.(request, attempt);
      this.#endBatch(server, now);
    }
  }
}
