import { RequestList } from "./request-list.ts";

/** What a batch brought when it came back from the device, in the scheduler's order. */
export class Delivery {
  /** Requests whose first token it was. */
  readonly first: RequestList;
  /** Requests whose last token it was. */
  readonly finished: RequestList;
  /** Requests that got a token, any. Filled by the skipping core only when asked. */
  readonly tokens: RequestList;

  constructor(maxSequences: number) {
    this.first = new RequestList(maxSequences);
    this.finished = new RequestList(maxSequences);
    this.tokens = new RequestList(maxSequences);
  }

  clear(): void {
    this.first.size = this.finished.size = this.tokens.size = 0;
  }
}
