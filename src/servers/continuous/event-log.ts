/** What happened, by code. */
export const SCHEDULED = 0;
export const FIRST_TOKEN = 1;
export const FINISHED = 2;
export const PREEMPTED = 3;
/** A token after the first. */
export const TOKEN = 4;

/** Names by code, for people. */
export const EVENT_NAMES = ["scheduled", "first token", "finished", "preempted", "token"] as const;

/**
 * Events of one call of `advance`, by column, in order of time. Filled again by the next call; grows
 * when it must and then stays. Only the first {@link size} rows count.
 */
export class EventLog {
  size = 0;
  /** Codes index {@link EVENT_NAMES}. */
  kind = new Uint8Array(64);
  request = new Int32Array(64);
  /** Seconds since the run's start. */
  at = new Float64Array(64);

  push(kind: number, request: number, at: number): void {
    if (this.size === this.kind.length) this.#grow();
    this.kind[this.size] = kind;
    this.request[this.size] = request;
    this.at[this.size++] = at;
  }

  #grow(): void {
    const capacity = this.kind.length * 2;
    const kind = new Uint8Array(capacity);
    const request = new Int32Array(capacity);
    const at = new Float64Array(capacity);
    kind.set(this.kind);
    request.set(this.request);
    at.set(this.at);
    Object.assign(this, { kind, request, at });
  }
}
