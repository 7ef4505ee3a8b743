/** Requests on their way to the server's scheduler, in order: each is ready at an instant. */
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

  /** Puts `request` last. Instants must not go back. */
  push(request: number, ready: number): void {
    if (this.#end === this.#requests.length) this.#makeRoom();
    this.#requests[this.#end] = request;
    this.#ready[this.#end++] = ready;
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
