/**
 * Something in front of the queue that may answer a request by itself, a cache of answers say. Stages
 * are asked in order as a request arrives; one that answers ends it there and then.
 */
export interface Stage {
  offer(request: number, now: number): "pass" | "answered";
}
