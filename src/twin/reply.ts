import { ApiError } from "./api/api-error.ts";
import type { ReplyFormat } from "./api/chunks.ts";
import type { GenerationRequest } from "./api/request-schema.ts";
import { perRequestMetrics } from "./api/usage.ts";
import type { FaultKind, FaultSpec } from "./faults/fault-spec.ts";
import type { Flight } from "./flight.ts";

/** Where a reply goes: one HTTP response. */
export interface Sink {
  /** Sends status 200 and the headers of a stream, at once. */
  openStream(): void;
  write(text: string): void;
  /** Ends the body properly. */
  end(): void;
  /** Sends a whole answer. */
  send(status: number, json: string): void;
  /** Resets the connection. */
  reset(): void;
}

/** What a reply needs of the twin. */
export interface ReplyHost {
  readonly perRequestMetrics: boolean;
  /** Runs `then` at an instant of the twin's clock. */
  later(at: number, then: (at: number) => void): void;
  /** Takes flights that are not over out of the engine. */
  abandon(flights: readonly Flight[]): void;
  /** There is something to be written. */
  ready(reply: Reply): void;
  /** The response has ended, one way or another. */
  closed(reply: Reply): void;
}

/** What a reply is made of. */
export interface ReplyParts {
  /** The client's id of the request, or the one that the twin drew. */
  readonly id: string;
  readonly request: GenerationRequest;
  readonly flights: readonly Flight[];
  readonly format: ReplyFormat;
  readonly sink: Sink;
  /** What befalls it; null: nothing. */
  readonly fault: FaultSpec | null;
  /** Whether each event is preceded by a comment with its instant. */
  readonly stamped: boolean;
}

/** Faults after which nothing more is computed for a request. */
const CUTTING: readonly FaultKind[] = ["truncated-event", "stream-error", "reset-mid-stream"];

const ENGINE_ERROR = new ApiError(500, "InternalServerError", "Injected fault: the engine failed.");

/**
 * One HTTP answer in the making. Events gather until {@link flush}, so that all tokens of one step
 * go out in one pass. Data events, `[DONE]` among them, are counted.
 */
export abstract class Reply {
  readonly id: string;
  readonly flights: readonly Flight[];
  /** Data events written so far. */
  events = 0;
  /** Whether the response has ended, and whether that was the client's doing. */
  over = false;
  isDropped = false;
  protected readonly parts: ReplyParts;
  protected readonly host: ReplyHost;

  constructor(parts: ReplyParts, host: ReplyHost) {
    this.id = parts.id;
    this.flights = parts.flights;
    this.parts = parts;
    this.host = host;
  }

  /** Answers to each prompt. */
  get answersPerPrompt(): number {
    return this.parts.request.n;
  }

  /** Whether its fault cuts it off at an event. */
  get isArmed(): boolean {
    const { fault } = this.parts;
    return fault !== null && CUTTING.includes(fault.kind);
  }

  /** Its requests are about to enter the engine, at `at`. */
  open(_at: number): void {}
  /** Takes the news that `flight` made a token at `at`, perhaps its last. */
  abstract token(flight: Flight, at: number): void;
  /** Writes what has gathered; returns the instant of its oldest event, NaN when there is none. */
  abstract flush(): number;
  /** All flights were aborted by the server, at `at`: says so and ends. */
  abstract abort(at: number): void;

  /** The client has gone. */
  drop(): void {
    if (this.over) return;
    this.isDropped = true;
    this.finish();
  }

  /** Resets the connection. */
  reset(): void {
    if (this.over) return;
    this.parts.sink.reset();
    this.finish();
  }

  /** The response has ended: what still flies is for nobody. */
  protected finish(): void {
    this.over = true;
    this.host.abandon(this.flights);
    this.host.closed(this);
  }

  protected metrics() {
    const { flights } = this;
    // A sum over several answers would say nothing.
    return this.host.perRequestMetrics && flights.length === 1
      ? perRequestMetrics(flights[0])
      : null;
  }
}

/** A streamed answer: server-sent events. */
export class StreamReply extends Reply {
  #pending = "";
  #oldest = NaN;
  /** Events kept back by a stall; null: none is on. */
  #held: string[] | null = null;
  #struck = false;
  #closing = false;

  /** Sends the headers. */
  override open(at: number): void {
    this.parts.sink.openStream();
    const { fault } = this.parts;
    if (fault?.kind === "stall-first-byte") this.#stall(at + fault.seconds);
  }

  token(flight: Flight, at: number): void {
    const { request, format } = this.parts;
    if (this.over || this.#closing) return;
    if (flight.tokens === 1) {
      const role = format.role(flight);
      if (role !== null) this.#emit(role, at, false);
    }
    const due = flight.ended || flight.tokens === 1 ||
      flight.tokens - flight.told >= request.streamInterval;
    if (!due) return;
    flight.told = flight.tokens;
    const last = this.flights.every(({ ended }) => ended);
    this.#emit(format.content(flight), at, last);
    if (last) this.#complete(at);
  }

  abort(at: number): void {
    if (this.over || this.#closing) return;
    this.#release(at);
    for (const flight of this.flights) this.#emit(this.parts.format.content(flight), at, false);
    this.#complete(at);
    this.flush();
  }

  flush(): number {
    const oldest = this.#oldest;
    if (this.over) return NaN;
    if (this.#pending !== "") {
      this.parts.sink.write(this.#pending);
      this.#pending = "";
      this.#oldest = NaN;
    }
    if (this.#closing && this.#held === null) {
      this.parts.sink.end();
      this.finish();
    }
    return oldest;
  }

  /** Usage, `[DONE]`, end. */
  #complete(at: number): void {
    if (this.#closing || this.over) return;
    const { request, format, fault } = this.parts;
    if (request.includeUsage) this.#emit(format.usage(this.flights, this.metrics()), at, false);
    if (fault?.kind !== "missing-done") this.#emit("[DONE]", at, false);
    this.#closing = true;
  }

  #emit(data: string, at: number, last: boolean): void {
    if (this.over || this.#closing) return;
    if (this.#held !== null) {
      this.#held.push(data);
      return;
    }
    const { fault } = this.parts;
    if (fault !== null && !this.#struck && "afterEvents" in fault) {
      if (this.events >= fault.afterEvents || last) {
        this.#struck = true;
        this.#strike(fault, data, at);
        return;
      }
    }
    this.#put(`data: ${data}\n\n`, at);
    this.events++;
  }

  /** Appends to what the next flush writes. */
  #put(text: string, at: number): void {
    this.#pending += this.parts.stamped ? `: twin ${at}\n${text}` : text;
    if (!(this.#oldest <= at)) this.#oldest = at;
    this.host.ready(this);
  }

  #strike(fault: FaultSpec, data: string, at: number): void {
    switch (fault.kind) {
      case "stall-mid-stream":
        this.#stall(at + fault.seconds);
        this.#held!.push(data);
        return;
      case "wrong-json":
        this.#put(`data: ${data.slice(0, data.length >> 1)}\n\n`, at);
        this.events++;
        return;
      case "truncated-event":
        this.#put(`data: ${data.slice(0, data.length >> 1)}`, at);
        this.#closing = true;
        return;
      case "stream-error":
        this.#emit(JSON.stringify(ENGINE_ERROR.body), at, false);
        this.#emit("[DONE]", at, false);
        this.#closing = true;
        return;
      case "reset-mid-stream":
        this.flush();
        this.reset();
    }
  }

  #stall(until: number): void {
    this.#held = [];
    this.host.later(until, (at) => this.#release(at));
  }

  /** Ends a stall. */
  #release(at: number): void {
    const held = this.#held;
    if (held === null || this.over) return;
    this.#held = null;
    const closing = this.#closing;
    this.#closing = false;
    for (const data of held) this.#emit(data, at, false);
    this.#closing ||= closing;
    this.host.ready(this);
  }
}

/** An answer in one piece. */
export class WholeReply extends Reply {
  token(_flight: Flight, at: number): void {
    if (this.over || !this.flights.every(({ ended }) => ended)) return;
    const { fault } = this.parts;
    if (fault?.kind === "stall-first-byte" || fault?.kind === "stall-mid-stream") {
      this.host.later(at + fault.seconds, () => this.#send());
    } else this.#send();
  }

  abort(): void {
    this.#send();
  }

  flush(): number {
    return NaN;
  }

  #send(): void {
    if (this.over) return;
    const { format, sink, fault } = this.parts;
    const json = format.whole(this.flights, this.metrics());
    switch (fault?.kind) {
      case "reset-mid-stream":
        this.reset();
        return;
      case "stream-error":
        sink.send(500, JSON.stringify(ENGINE_ERROR.body));
        break;
      case "truncated-event":
      case "wrong-json":
        sink.send(200, json.slice(0, json.length >> 1));
        break;
      default:
        sink.send(200, json);
    }
    this.finish();
  }
}
