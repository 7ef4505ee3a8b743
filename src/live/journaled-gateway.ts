import { parseWith } from "../errors/parse-with.ts";
import { Gateway } from "../gateway/gateway.ts";
import { GatewayOptions, type GatewayOptionsInput } from "../gateway/gateway-options.ts";
import { GatewayState, RETRYING, WAITING } from "../gateway/gateway-state.ts";
import type { Scheduler } from "../gateway/scheduler.ts";
import type { ServerPool } from "../gateway/server-pool.ts";
import type { Stage } from "../gateway/stage.ts";
import type { Transitions } from "../gateway/transitions.ts";
import type { Requests } from "../workload/workload.ts";
import type { FailureReason } from "./client/failure.ts";
import type { Entry, Measured, StopReason } from "./journal/entry.ts";
import { type LiveRecord, liveRecordOf } from "./live-record.ts";
import { estimatedOutputTokens } from "./output-tokens.ts";
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

type EntryOf<K extends Entry["kind"]> = Extract<Entry, { readonly kind: K }>;

/** How an attempt ended. */
export interface AttemptEnd {
  /** Seconds on the run's clock. */
  readonly at: number;
  readonly measured: Measured;
}

/** What a journaled gateway is made of. */
export interface JournaledOptions {
  readonly servers: number;
  readonly options: GatewayOptionsInput | GatewayOptions;
  readonly stages?: readonly Stage[];
}

/**
 * The {@link Gateway} of a live run: each of its transitions becomes an {@link Entry} that is to be
 * written down before what follows from it is done. Replaying the entries of a journal rebuilds its
 * state to the bit.
 *
 * A driver tells what has happened, calls {@link tick}, then {@link take}s: it writes the entries, and
 * then obeys the commands.
 *
 * @example
 * const gateway = new JournaledGateway(workload.requests, { servers: 1, options: {} });
 * gateway.begin({ at: 0, epochSeconds: 0 });
 * gateway.tick(0);
 * const { entries, commands } = gateway.take(); // journal the entries, then obey
 */
export class JournaledGateway {
  readonly options: GatewayOptions;
  readonly record: LiveRecord;
  readonly state: GatewayState;
  readonly #gateway: Gateway<Measured>;
  #entries: Entry[] = [];
  #commands: Command[] = [];

  constructor(requests: Requests, { servers, options, stages }: JournaledOptions) {
    this.options = isParsed(options) ? options : parseWith(GatewayOptions, options, "live options");
    this.state = new GatewayState(requests, { servers, options: this.options });
    this.record = liveRecordOf(this.state.record);
    this.#gateway = new Gateway<Measured>(this.state, this.options, {
      transitions: this.#journaled(),
      outlet: {
        send: (request, attempt, server, priority) => {
          this.#commands.push({ do: "send", request, attempt, server, priority });
        },
        abort: (request, attempt) => {
          this.#commands.push({ do: "abort", request, attempt });
        },
        probe: (server) => {
          this.#commands.push({ do: "probe", server });
        },
      },
      stages,
    });
  }

  get scheduler(): Scheduler {
    return this.state.scheduler;
  }
  get pool(): ServerPool {
    return this.state.pool;
  }
  get phaseStart(): Float64Array {
    return this.state.phaseStart;
  }
  get sessions(): number {
    return this.state.sessions;
  }
  get epochSeconds(): number {
    return this.state.epochSeconds;
  }
  get ended(): boolean {
    return this.state.ended;
  }
  get lastAt(): number {
    return this.state.lastAt;
  }
  get arrived(): number {
    return this.state.arrived;
  }
  get left(): number {
    return this.state.left;
  }

  /** Requests handed over whose end is not known yet. */
  get open(): number {
    return this.state.pool.openInAll;
  }

  /** Requests whose last attempt failed and that wait for the next one. */
  get retrying(): number {
    return this.state.retries.size;
  }

  /** When the last request of the phase that runs is due. */
  get lastArrival(): number {
    const { phaseEnd, origin, requests } = this.state;
    return phaseEnd > 0 ? origin + requests.arrival[phaseEnd - 1] : 0;
  }

  /** Entries and commands since the last call: the entries are to be written down first. */
  take(): { readonly entries: readonly Entry[]; readonly commands: readonly Command[] } {
    const taken = { entries: this.#entries, commands: this.#commands };
    this.#entries = [];
    this.#commands = [];
    return taken;
  }

  /** See {@link Gateway.begin}. */
  begin(start: { readonly at: number; readonly epochSeconds: number }): void {
    this.#gateway.begin(start);
  }

  /** An answer is whole. */
  completed(request: number, attempt: number, { at, measured }: AttemptEnd): void {
    this.#gateway.completed(request, attempt, at, measured);
  }

  /** An attempt has failed. */
  failed(
    request: number,
    attempt: number,
    { at, measured, failure }: AttemptEnd & { readonly failure: AttemptFailure },
  ): void {
    this.#gateway.failed(request, attempt, at, {
      failure: { ...failure, ...verdictOf(failure.reason, measured.status) },
      answer: measured,
    });
  }

  /** See {@link Gateway.probed}. */
  probed(server: number, at: number, healthy: boolean): void {
    this.#gateway.probed(server, at, healthy);
  }

  /** See {@link Gateway.note}. */
  note(at: number, what: string, seconds: number): void {
    this.#gateway.note(at, what, seconds);
  }

  /** See {@link Gateway.stop}. */
  stop(at: number, why: StopReason): void {
    this.#gateway.stop(at, why);
  }

  /** See {@link Gateway.tick}. */
  tick(now: number): void {
    this.#gateway.tick(now);
  }

  /** See {@link Gateway.nextTimer}. */
  nextTimer(now: number): number {
    return this.#gateway.nextTimer(now);
  }

  /**
   * Takes an entry of a journal in as if it had just been decided. Throws an Error that says what
   * differs where the scheduler would have decided otherwise: another version wrote the journal.
   */
  replay(entry: Entry): void {
    this.#expectKnown(entry);
    if (entry.kind === "pulled" || entry.kind === "sent") this.#expectTaken(entry);
    this.#apply(entry);
  }

  /** A line may name what this run does not have: then it is of another one, or was forged. */
  #expectKnown(entry: Entry): void {
    const { requests, pool } = this.state;
    const expect = (what: string, place: number, count: number) => {
      if (place >= count) throw new Error(`there is no ${what} ${place}: this run has ${count}`);
    };
    if ("request" in entry) expect("request", entry.request, requests.size);
    if ("server" in entry) expect("server", entry.server, pool.size);
    if (entry.kind === "phase") expect("phase", entry.phase, requests.phases.length);
    if (entry.kind === "arrived" || entry.kind === "answered-ahead") {
      const next = this.state.arrived;
      if (entry.request !== next) {
        throw new Error(`request ${next} arrives next, and not ${entry.request}`);
      }
    }
  }

  #apply(entry: Entry): void {
    const { state } = this;
    switch (entry.kind) {
      case "session":
        return state.takeUp(entry.at, entry.session, entry.epochSeconds);
      case "phase":
        return state.startPhase(entry.at, entry.phase);
      case "arrived":
        return state.arrive(entry.at, entry.request, entry.late);
      case "answered-ahead":
        return state.answerAhead(entry.at, entry.request, entry.late);
      case "sent":
        return state.send(entry.at, entry.request, entry.attempt, entry.server);
      case "pulled":
        return state.pull(entry.at, entry.request, entry.server);
      case "batch":
        return state.startBatch(entry.at, entry.server, entry.batch);
      case "batch-done":
        return state.endBatch(entry.at, entry.server);
      case "completed":
        return this.#complete(entry);
      case "retry": {
        const { at, request, attempt, measured } = entry;
        return state.retry(at, request, attempt, { ...entry, blames: blames(entry, measured) });
      }
      case "failed":
      case "rejected":
      case "cancelled":
        return this.#end(entry);
      case "out":
        return state.takeOut(entry.at, entry.server);
      case "in":
        return state.takeIn(entry.at, entry.server);
      case "hold":
        return state.hold(entry.at, entry.server, entry.until);
      case "stopping":
        return state.startStopping(entry.at, entry.why);
      case "note":
        return state.note(entry.at);
      case "ended":
        return state.finish(entry.at);
      default:
        entry satisfies never;
    }
  }

  /** What the gateway takes out of its queue before it says so. */
  #expectTaken({ request, at }: { readonly request: number; readonly at: number }): void {
    const { where, scheduler, retries } = this.state;
    if (where[request] === WAITING) {
      const next = scheduler.next(at);
      if (next !== request) {
        throw new Error(`the scheduler hands out request ${next}, and not ${request}`);
      }
    } else if (where[request] === RETRYING) retries.remove(request);
    else throw new Error(`request ${request} does not wait`);
  }

  #complete({ at, request, attempt, measured }: EntryOf<"completed">): void {
    const completionTokens = measured.completionTokens ?? estimatedOutputTokens(measured);
    this.state.complete(at, request, attempt, { ...measured, completionTokens });
    this.record.measured[request] = measured;
  }

  #end(entry: EntryOf<"failed" | "rejected" | "cancelled">): void {
    const { at, kind, request, reason, message, measured } = entry;
    const attempted = measured !== null;
    this.state.end(at, request, { ...entry, kind, attempted, blames: blames(entry, measured) });
    this.record.reason[request] = reason;
    this.record.message[request] = message;
    this.record.measured[request] = measured;
  }

  /** The state's transitions, each with its entry. */
  #journaled(): Transitions<Measured> {
    const write = (entry: Entry) => {
      this.#apply(entry);
      this.#entries.push(entry);
    };
    return {
      takeUp: (at, session, epochSeconds) => write({ kind: "session", at, session, epochSeconds }),
      startPhase: (at, phase) => write({ kind: "phase", at, phase }),
      arrive: (at, request, late) => write({ kind: "arrived", at, request, late }),
      answerAhead: (at, request, late) => write({ kind: "answered-ahead", at, request, late }),
      send: (at, request, attempt, server) => write({ kind: "sent", at, request, attempt, server }),
      pull: (at, request, server) => write({ kind: "pulled", at, request, server }),
      startBatch: (at, server, batch) => write({ kind: "batch", at, server, batch }),
      endBatch: (at, server) => write({ kind: "batch-done", at, server }),
      complete: (at, request, attempt, measured) =>
        write({ kind: "completed", at, request, attempt, measured }),
      retry: (at, request, attempt, { reason, message, due }, measured) =>
        write({ kind: "retry", at, request, attempt, reason, message, due, measured: measured! }),
      end: (at, request, { kind, reason, message }, measured) =>
        write({ kind, at, request, reason, message, measured }),
      takeOut: (at, server, reason) => write({ kind: "out", at, server, reason }),
      takeIn: (at, server) => write({ kind: "in", at, server }),
      hold: (at, server, until) => write({ kind: "hold", at, server, until }),
      startStopping: (at, why) => write({ kind: "stopping", at, why }),
      note: (at, what, seconds) => write({ kind: "note", at, what, seconds }),
      finish: (at) => write({ kind: "ended", at }),
    };
  }
}

/** Whether a failed attempt speaks against its server. */
function blames({ reason }: { readonly reason: string }, measured: Measured | null): boolean {
  return measured !== null &&
    verdictOf(reason as FailureReason, measured.status).server !== undefined;
}

function isParsed(options: GatewayOptionsInput | GatewayOptions): options is GatewayOptions {
  const { scheduler } = (options ?? {}) as GatewayOptions;
  return typeof scheduler === "object" && scheduler !== null && "feedbackOrder" in scheduler &&
    typeof scheduler.policy === "object" && "definition" in scheduler.policy;
}
