import type { DecisionCore } from "../../../../src/servers/continuous/decision-core.ts";

/** Writes down every step that a core planned, steps that repeat themselves as one. */
export class DecisionLog {
  readonly lines: { what: string; repeats: number }[] = [];
  #requests = new Int32Array(0);
  #tokens = new Int32Array(0);

  readonly observe = (core: DecisionCore, repeats: number): void => {
    const { step } = core;
    if (this.#requests.length < step.admitted.items.length) {
      this.#requests = new Int32Array(step.admitted.items.length);
      this.#tokens = new Int32Array(step.admitted.items.length);
    }
    const size = core.copyScheduled(this.#requests, this.#tokens);
    let what = "";
    for (let i = 0; i < size; i++) what += `${this.#requests[i]}×${this.#tokens[i]} `;
    const cached = step.cached.subarray(0, step.admitted.size);
    what +=
      `| admitted ${step.admitted.toArray()} cached ${cached} | preempted ${step.preempted.toArray()}`;
    const last = this.lines.at(-1);
    if (last?.what === what) last.repeats += repeats;
    else this.lines.push({ what, repeats });
  };
}
