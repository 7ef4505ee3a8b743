import { IndexedHeap } from "../collections/indexed-heap.ts";
import { type Status, STATUSES } from "../workload/statuses.ts";
import { phaseEnd, type Requests } from "../workload/workload.ts";
import { BatchWorker } from "./batch-worker.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { emptyGatewayRecord, type GatewayRecord, NOT_OVER } from "./gateway-record.ts";
import { Scheduler } from "./scheduler.ts";
import { ServerPool } from "./server-pool.ts";
import type { Answer, End, Retry, StopReason, Transitions } from "./transitions.ts";

/** Where a request is. */
export const FUTURE = 0, WAITING = 1, PULLED = 2, OPEN = 3, RETRYING = 4, OVER = 5;

/**
 * What a gateway knows: the fold over its {@link Transitions}, which change it and decide nothing. The
 * same transitions in the same order give the same state to the bit.
 */
export class GatewayState implements Transitions {
  readonly scheduler: Scheduler;
  readonly record: GatewayRecord;
  /** Shape (phases), seconds; NaN: not begun. */
  readonly phaseStart: Float64Array;
  readonly pool: ServerPool;
  /** One worker a server under the micro-batch rule, else null. */
  readonly workers: readonly BatchWorker[] | null;
  /** Where each request is, by code. */
  readonly where: Uint8Array;
  /** Requests whose last attempt failed, by the instant of the next. */
  readonly retries = new IndexedHeap();
  /** Requests in no terminal state. */
  left: number;
  /** Requests that have arrived. */
  arrived = 0;
  /** Phase that runs, and when its clock began. */
  phase = -1;
  origin = 0;
  /** Row after the last one of that phase. */
  phaseEnd = 0;
  /** Batches handed over. */
  batches = 0;
  /** Processes that have worked on this run, and Unix seconds of its start by the last one's clock. */
  sessions = 0;
  epochSeconds = 0;
  stopping: StopReason | null = null;
  stoppedAt = Infinity;
  /** When the run ends, its cooldown included; Infinity: not known yet. */
  overAt = Infinity;
  ended = false;
  /** The latest instant of a transition. */
  lastAt = 0;

  constructor(
    readonly requests: Requests,
    { servers, options }: { readonly servers: number; readonly options: GatewayOptions },
  ) {
    const { dispatch, scheduler } = options;
    this.scheduler = new Scheduler(requests, scheduler);
    this.record = emptyGatewayRecord(requests.size);
    this.phaseStart = new Float64Array(requests.phases.length).fill(NaN);
    this.pool = new ServerPool(servers, dispatch.rule === "in-flight" ? dispatch.window : Infinity);
    this.left = requests.size;
    this.where = new Uint8Array(requests.size);
    this.workers = dispatch.rule === "micro-batch"
      ? this.pool.servers.map(() => new BatchWorker(dispatch))
      : null;
  }

  takeUp(at: number, session: number, epochSeconds: number): void {
    this.#passed(at);
    this.sessions = session;
    this.epochSeconds = epochSeconds;
    this.overAt = Infinity;
    this.pool.reset();
    this.workers?.forEach((worker, server) => {
      if (worker.state === "serving") this.#learnBatch(server, at);
      else worker.release(at);
    });
    for (let request = 0; request < this.where.length; request++) {
      const place = this.where[request];
      if (place !== OPEN && place !== PULLED) continue;
      this.where[request] = RETRYING;
      this.retries.push(request, at);
    }
  }

  startPhase(at: number, phase: number): void {
    this.#passed(at);
    this.phase = phase;
    this.phaseEnd = phaseEnd(this.requests, phase);
    this.origin = this.phaseStart[phase] = at;
  }

  arrive(at: number, request: number, late: number): void {
    this.#passed(at);
    this.scheduler.admit(request, at);
    this.record.late[request] = late;
    this.where[request] = WAITING;
    this.arrived++;
  }

  answerAhead(at: number, request: number, late: number): void {
    this.#passed(at);
    const { record } = this;
    this.arrived++;
    this.scheduler.record.queuedAt[request] = at;
    record.late[request] = late;
    record.start[request] = record.firstToken[request] = record.finish[request] = at;
    this.#over(request, "completed");
  }

  send(at: number, request: number, _attempt: number, server: number): void {
    this.#passed(at);
    this.#open(request, server, at);
  }

  pull(at: number, request: number, server: number): void {
    this.#passed(at);
    this.where[request] = PULLED;
    this.workers![server].members.push(request);
  }

  startBatch(at: number, server: number, batch: number): void {
    this.#passed(at);
    const worker = this.workers![server];
    for (const request of worker.members) {
      this.#open(request, server, at);
      this.record.batch[request] = batch;
      this.record.batchSize[request] = worker.members.length;
    }
    this.batches = batch + 1;
    worker.startServing();
  }

  endBatch(at: number, server: number): void {
    this.#passed(at);
    this.#learnBatch(server, at);
  }

  complete(at: number, request: number, _attempt: number, answer: Answer): void {
    this.#passed(at);
    const { record } = this;
    const server = this.#leaveServer(request);
    this.pool.servers[server].failures = 0;
    record.outputTokens[request] = answer.completionTokens ?? -1;
    record.outputWords[request] = answer.words ?? -1;
    record.cachedTokens[request] = answer.cachedTokens ?? -1;
    record.firstToken[request] = answer.firstToken;
    this.#over(request, "completed");
    // The paper's worker hands a batch's answers back together.
    if (this.workers !== null) return;
    record.finish[request] = answer.lastToken;
    this.#observe(request, at);
  }

  retry(at: number, request: number, _attempt: number, { due, blames }: Retry): void {
    this.#passed(at);
    const server = this.#leaveServer(request);
    this.record.failures[request]++;
    if (blames) this.pool.servers[server].failures++;
    this.where[request] = RETRYING;
    this.retries.push(request, due);
  }

  end(at: number, request: number, { kind, attempted, blames }: End): void {
    this.#passed(at);
    const { record, scheduler } = this;
    const place = this.where[request];
    if (place === WAITING) scheduler.cancel(request, at);
    if (place === RETRYING) this.retries.remove(request);
    if (place === OPEN) {
      const server = this.#leaveServer(request);
      if (attempted) {
        record.failures[request]++;
        if (blames) this.pool.servers[server].failures++;
      }
    }
    if (place === OPEN || place === RETRYING || place === PULLED) scheduler.abandon(request, at);
    if (place === PULLED) {
      for (const worker of this.workers ?? []) {
        worker.members = worker.members.filter((member) => member !== request);
      }
    }
    // What never arrived has no end that could be timed.
    if (place !== FUTURE) record.finish[request] = at;
    this.#over(request, kind);
  }

  takeOut(at: number, server: number): void {
    this.#passed(at);
    this.pool.takeOut(server, at);
  }

  takeIn(at: number, server: number): void {
    this.#passed(at);
    this.pool.takeIn(server);
  }

  hold(at: number, server: number, until: number): void {
    this.#passed(at);
    this.pool.hold(server, until);
  }

  startStopping(at: number, why: StopReason): void {
    this.#passed(at);
    this.stopping = why;
    this.stoppedAt = at;
  }

  note(at: number): void {
    this.#passed(at);
  }

  finish(at: number): void {
    this.#passed(at);
    this.ended = true;
  }

  /**
   * Hears of `tokens` more of an open request's answer. It is no transition: a live run hears of whole
   * answers, so that replaying its journal gives the same state.
   */
  progress(request: number, tokens: number, now: number): void {
    if (this.where[request] === OPEN) this.scheduler.progress(request, tokens, now);
  }

  #passed(at: number): void {
    if (at > this.lastAt) this.lastAt = at;
  }

  #open(request: number, server: number, at: number): void {
    this.where[request] = OPEN;
    this.record.start[request] = at;
    this.record.server[request] = server;
    this.record.attempts[request]++;
    this.pool.count(server, 1);
  }

  /** The request is not open at its server any more. */
  #leaveServer(request: number): number {
    const server = this.record.server[request];
    this.pool.count(server, -1);
    if (this.workers !== null) this.workers[server].running--;
    return server;
  }

  #observe(request: number, at: number): void {
    const tokens = this.record.outputTokens[request], words = this.record.outputWords[request];
    const countsWords = this.scheduler.estimator.unit === "words";
    // A server that reports no length teaches none.
    if ((countsWords ? words : tokens) < 0) return this.scheduler.abandon(request, at);
    const outputWords = words < 0 ? undefined : words;
    this.scheduler.observe(request, { outputTokens: Math.max(tokens, 0), outputWords }, at);
  }

  /** The batch of `server` is over: learns from its answers in batch order. */
  #learnBatch(server: number, at: number): void {
    const worker = this.workers![server];
    for (const request of worker.members) {
      if (this.record.status[request] !== 0) continue;
      this.record.finish[request] = at;
      this.#observe(request, at);
    }
    worker.release(at);
  }

  #over(request: number, status: Status): void {
    const code = STATUSES.indexOf(status);
    if (this.record.status[request] !== NOT_OVER) {
      throw new Error(`request ${request} has ended twice`);
    }
    this.record.status[request] = code;
    this.record.counts[code]++;
    this.where[request] = OVER;
    this.left--;
  }
}
