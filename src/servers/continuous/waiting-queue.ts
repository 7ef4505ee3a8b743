/** The server's queue of requests that hold no KV: new ones and preempted ones. */
export interface WaitingQueue {
  readonly size: number;
  /** The request to try next; -1 when nobody waits. */
  readonly head: number;
  /** Queues a request that has arrived. */
  add(request: number): void;
  /** Queues a preempted request. */
  putBack(request: number): void;
  /** Takes the head out. */
  pop(): void;
  /** Takes `request` out of turn (its last token came after its preemption, or its client left). */
  remove(request: number): void;
}
