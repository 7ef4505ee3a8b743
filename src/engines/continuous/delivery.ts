import { RequestList } from "./request-list.ts";

/** What a batch brought when it came back from the device, in the scheduler's order. */
export class Delivery {
  /** Requests whose first token it was. */
  readonly first: RequestList;
  /** Requests whose last token it was. */
  readonly finished: RequestList;

  constructor(maxSequences: number) {
    this.first = new RequestList(maxSequences);
    this.finished = new RequestList(maxSequences);
  }
}
