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

/**
 * The front end as a queue. Under processor sharing an arrival slows all those in service: when the
 * next leaves is only known once nobody comes before. With equal work they leave in order of arrival.
 *
 * Each request in service has received the same CPU since it came as all others in that time: so it
 * leaves when the CPU that one request gets has grown by its own work since its arrival.
 */
export class FrontEnd {
  readonly #cpuSeconds: number;
  readonly #perPromptToken: number;
  readonly #latency: number;
  readonly #shared: boolean;
  /** Those that are through, by the instant at which the scheduler may see them. */
  readonly #through = new Inbox();

  // In service, in order of leaving: requests, and the CPU a request has got by then.
  #requests: Int32Array = new Int32Array(64);
  #goal: Float64Array = new Float64Array(64);
  #first = 0;
  #end = 0;
  /** CPU that a request got which was here all the time, up to `#clock`. */
  #attained = 0;
  #clock = 0;
  /** One by one: when it is free again. */
  #free = 0;

  constructor({ cpuSeconds, perPromptToken = 0, latencySeconds = 0, service }: FrontEndCost) {
    this.#cpuSeconds = cpuSeconds;
    this.#perPromptToken = perPromptToken;
    this.#latency = latencySeconds;
    this.#shared = service === "shared";
  }

  /** When the next request is ready for the scheduler if nobody comes before; Infinity: none is here. */
  get nextReady(): number {
    return this.#through.size > 0 ? this.#through.nextReady : this.#nextLeaves() + this.#latency;
  }

  /** Whether somebody who comes at `arrival` can change {@link nextReady}. */
  isOpenTo(arrival: number): boolean {
    return this.#through.size === 0 && arrival <= this.#nextLeaves();
  }

  has(request: number): boolean {
    return this.#through.has(request) ||
      this.#requests.subarray(this.#first, this.#end).includes(request);
  }

  /** Takes the next request in at `now`; instants must not go back. */
  push(request: number, now: number, promptTokens: number): void {
    const work = this.#cpuSeconds + this.#perPromptToken * promptTokens;
    if (!this.#shared) {
      this.#free = Math.max(now, this.#free) + work;
      this.#through.push(request, this.#free + this.#latency);
      return;
    }
    this.#serveTo(now);
    if (this.#end === this.#requests.length) this.#makeRoom();
    const goal = this.#attained + work;
    let place = this.#end++;
    for (; place > this.#first && this.#goal[place - 1] > goal; place--) {
      this.#requests[place] = this.#requests[place - 1];
      this.#goal[place] = this.#goal[place - 1];
    }
    this.#requests[place] = request;
    this.#goal[place] = goal;
  }

  /** Takes the next request out, which is ready by now; there must be one. */
  take(): number {
    if (this.#through.size === 0) this.#leave(this.#nextLeaves());
    return this.#through.take();
  }

  #nextLeaves(): number {
    const size = this.#end - this.#first;
    if (size === 0) return Infinity;
    return this.#clock + Math.max(0, this.#goal[this.#first] - this.#attained) * size;
  }

  #serveTo(now: number): void {
    for (let at = this.#nextLeaves(); at <= now; at = this.#nextLeaves()) this.#leave(at);
    const size = this.#end - this.#first;
    if (size > 0) this.#attained += (now - this.#clock) / size;
    // Counted from 0 again whenever nobody is here, so that the sum stays short.
    else this.#attained = 0;
    this.#clock = now;
  }

  #leave(at: number): void {
    this.#attained = Math.max(this.#attained, this.#goal[this.#first]);
    this.#clock = at;
    this.#through.push(this.#requests[this.#first++], at + this.#latency);
  }

  /** Makes room: by moving up where half of it is used up, else by growing. */
  #makeRoom(): void {
    const size = this.#end - this.#first, room = this.#requests.length;
    let requests = this.#requests, goal = this.#goal;
    if (size >= room / 2) {
      requests = new Int32Array(2 * room);
      goal = new Float64Array(2 * room);
    }
    requests.set(this.#requests.subarray(this.#first, this.#end));
    goal.set(this.#goal.subarray(this.#first, this.#end));
    this.#requests = requests;
    this.#goal = goal;
    this.#first = 0;
    this.#end = size;
  }
}
