import { RequestList } from "./request-list.ts";

/** The running sequences of the stepwise core, in order of admission. */
export class RunningList extends RequestList {
  /** Takes out those whose entry in `ended` is not 0; shape (n), by request. */
  removeEnded(ended: Uint8Array): void {
    let kept = 0;
    for (let place = 0; place < this.size; place++) {
      const request = this.items[place];
      if (!ended[request]) this.items[kept++] = request;
    }
    this.size = kept;
  }
}
