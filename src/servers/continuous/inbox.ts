/** Requests on their way to the server's scheduler, by the instant at which each is ready. */
export class Inbox {
  #requests: Int32Array = new Int32Array(64);
  #ready: Float64Array = new Float64Array(64);
  #first = 0;
  #end = 0;

  get size(): number {
    return this.#end - this.#first;
  }

  /** When the next request is ready; there must be one. */
  get nextReady(): number {
    return this.#ready[this.#first];
  }

  has(request: number): boolean {
    return this.#requests.subarray(this.#first, this.#end).includes(request);
  }

  /** Takes the next request out; there must be one. */
  take(): number {
    return this.#requests[this.#first++];
  }

  /** Puts `request` behind those that are ready by then; mostly it is the last. */
  push(request: number, ready: number): void {
    if (this.#end === this.#requests.length) this.#makeRoom();
    let place = this.#end++;
    for (; place > this.#first && this.#ready[place - 1] > ready; place--) {
      this.#requests[place] = this.#requests[place - 1];
      this.#ready[place] = this.#ready[place - 1];
    }
    this.#requests[place] = request;
    this.#ready[place] = ready;
  }

  /** Makes room: by moving up where half of it is used up, else by growing. */
  #makeRoom(): void {
    const { size } = this, room = this.#requests.length;
    if (size < room / 2) {
      this.#requests.copyWithin(0, this.#first, this.#end);
      this.#ready.copyWithin(0, this.#first, this.#end);
    } else {
      const requests = new Int32Array(2 * room + 64);
      const ready = new Float64Array(requests.length);
      requests.set(this.#requests.subarray(this.#first, this.#end));
      ready.set(this.#ready.subarray(this.#first, this.#end));
      this.#requests = requests;
      this.#ready = ready;
    }
    this.#first = 0;
    this.#end = size;
  }
}
