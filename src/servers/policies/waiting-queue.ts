/** The server's queue of requests that hold no KV: new ones and preempted ones. */
export interface WaitingQueue {
  readonly size: number;
  /**
   * The request to try next; -1 when nobody waits. It stays the same within one step, unless a
   * request joins or leaves.
   */
  readonly head: number;
  /**
   * Whether an arrival never goes before the head. The skipping engine then does not stop for
   * arrivals while the head has no room. @default false
   */
  readonly keepsHead?: boolean;
  /** Queues a request that has arrived. */
  add(request: number): void;
  /** Queues a preempted request. */
  putBack(request: number): void;
  /** Takes the head out. */
  pop(): void;
  /** Takes `request` out of turn (its last token came after its preemption, or its client left). */
  remove(request: number): void;
}
