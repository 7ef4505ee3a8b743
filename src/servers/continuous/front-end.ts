import { Inbox } from "./inbox.ts";

/** What a server's front end does to each request before its scheduler sees it. Seconds. */
export interface FrontEndCost {
  /** CPU of one request. */
  readonly cpuSeconds: number;
  /** CPU of each token of its prompt. @default 0 */
  readonly perPromptToken?: number;
  /** What passes after that, whatever else there is. @default 0 */
  readonly latencySeconds?: number;
  /**
   * `shared`: all requests in service get equal parts of one CPU, as tasks of one event loop do.
   * `one by one`: the next begins when the one before is through.
   */
  readonly service: "shared" | "one by one";
}

/** Seconds in which a request alone gets through it, its prompt's length left out. */
export function secondsThrough({ cpuSeconds, latencySeconds = 0 }: FrontEndCost): number {
  return cpuSeconds + latencySeconds;
}

/** The same where all it does takes `factor` times as long. */
export function frontEndTimes(cost: FrontEndCost, factor: number): FrontEndCost {
  const { cpuSeconds, perPromptToken = 0, latencySeconds = 0, service } = cost;
  return {
    cpuSeconds: factor * cpuSeconds,
    perPromptToken: factor * perPromptToken,
    latencySeconds: factor * latencySeconds,
    service,
  };
}

/**
 * The front end as a queue. Under processor sharing an arrival slows all those in service: when the
 * next leaves is only known once nobody comes before. With equal work they leave in order of arrival.
 *
 * Each request in service has received the same CPU since it came as all others in that time: so it
 * leaves when the CPU that one request gets has grown by its own work since its arrival.
 *
 * Instants are fields, not arguments: a number that crosses a call may cost an allocation.
 */
export class FrontEnd {
  /** When the next request is ready for the scheduler if nobody comes before; Infinity: none is here. */
  nextReady = Infinity;
  /** When the request comes that is handed to {@link push}; must not go back. */
  arrival = 0;

  readonly #cpuSeconds: number;
  readonly #perPromptToken: number;
  readonly #latency: number;
  readonly #shared: boolean;
  /** Those that are through, by the instant at which the scheduler may see them. */
  readonly #through = new Inbox();

  /** Those in service, ready when a request has got so much CPU. */
  readonly #serving = new Inbox();
  /** CPU that a request got which was here all the time, up to `#clock`. */
  #attained = 0;
  #clock = 0;
  /** When the next one leaves the CPU if nobody comes before; Infinity: none is there. */
  #nextLeaves = Infinity;
  /** One by one: when it is free again. */
  #free = 0;

  constructor({ cpuSeconds, perPromptToken = 0, latencySeconds = 0, service }: FrontEndCost) {
    this.#cpuSeconds = cpuSeconds;
    this.#perPromptToken = perPromptToken;
    this.#latency = latencySeconds;
    this.#shared = service === "shared";
  }

  /** Whether somebody who comes at {@link arrival} can change {@link nextReady}. */
  get isOpen(): boolean {
    return this.#through.size === 0 && this.arrival <= this.#nextLeaves;
  }

  has(request: number): boolean {
    return this.#through.has(request) || this.#serving.has(request);
  }

  /** Takes a request in at {@link arrival}. */
  push(request: number, promptTokens: number): void {
    const work = this.#cpuSeconds + this.#perPromptToken * promptTokens;
    if (this.#shared) this.#serve(request, work);
    else {
      this.#free = Math.max(this.arrival, this.#free) + work;
      this.#through.push(request, this.#free + this.#latency);
    }
    this.#lookAhead();
  }

  /** Takes the next request out, which is ready by now; there must be one. */
  take(): number {
    if (this.#through.size === 0) this.#leave();
    const request = this.#through.take();
    this.#lookAhead();
    return request;
  }

  #lookAhead(): void {
    this.nextReady = this.#through.size > 0
      ? this.#through.nextReady
      : this.#nextLeaves + this.#latency;
  }

  #serve(request: number, work: number): void {
    while (this.#nextLeaves <= this.arrival) this.#leave();
    const before = this.#serving.size;
    if (before > 0) this.#attained += (this.arrival - this.#clock) / before;
    // Counted from 0 again whenever nobody is here, so that the sum stays short.
    else this.#attained = 0;
    this.#clock = this.arrival;
    this.#serving.push(request, this.#attained + work);
    this.#expectNext();
  }

  /** Lets the next one leave the CPU. */
  #leave(): void {
    const goal = this.#serving.nextReady;
    if (goal > this.#attained) this.#attained = goal;
    this.#clock = this.#nextLeaves;
    this.#through.push(this.#serving.take(), this.#nextLeaves + this.#latency);
    this.#expectNext();
  }

  #expectNext(): void {
    const { size } = this.#serving;
    if (size === 0) {
      this.#nextLeaves = Infinity;
      return;
    }
    const left = this.#serving.nextReady - this.#attained;
    this.#nextLeaves = this.#clock + (left > 0 ? left * size : 0);
  }
}
