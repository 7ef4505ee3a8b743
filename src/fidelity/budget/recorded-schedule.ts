import type { ServerConfig } from "../../servers/continuous/config.ts";
import { priority } from "../../servers/policies/priority.ts";
import type { LoggedSteps } from "../fit/logged-steps.ts";
import type { RecordedRequests } from "../recorded-run.ts";

/** Requests among which one is looked for whose prompt is as long as the log says. */
const LOOK_AHEAD = 8;

/** What a recorded server computed in each of its iterations, request by request. */
export interface RecordedSchedule {
  /** Iterations. */
  readonly size: number;
  /** Shape (size): the load in the terms of a step cost. */
  readonly decoding: Int32Array;
  readonly context: Float64Array;
  readonly prefilling: Int32Array;
  readonly prefillTokens: Int32Array;
  readonly prefillPairs: Float64Array;
  /** Shape (size): 1 where the server was empty before the iteration. */
  readonly fromIdle: Uint8Array;
  /** Shape (n), by request: iterations of its first prompt token, its first token and its last. */
  readonly admitted: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly preemptions: number;
}

/** What of the flags the schedule depends on. */
export type ScheduleFlags = Pick<ServerConfig, "scheduling_policy" | "max_num_batched_tokens">;

/**
 * Finds out which requests each logged iteration worked on. The log counts them; who they are follows:
 * prompts in the order of their first tokens, every sequence one token an iteration, the victim of a
 * preemption by the server's policy. All counts of the log have to come out, iteration by iteration,
 * and every request has to end with the log.
 *
 * @returns in words why not, where the log can't be of these requests alone
 */
export function recordedSchedule(
  requests: RecordedRequests,
  steps: LoggedSteps,
  flags: ScheduleFlags,
): RecordedSchedule | string {
  return new Reconstruction(requests, steps.logged ?? steps, flags).run();
}

class Reconstruction {
  readonly #requests: RecordedRequests;
  readonly #steps: LoggedSteps;
  readonly #byPriority: boolean;
  readonly #tokenBudget: number;
  /** Requests not begun, in the order of their first tokens. */
  readonly #queue: number[];
  /** Past their first token, in the order in which they were let in; and those who yielded. */
  #running: number[] = [];
  readonly #preempted: number[] = [];
  /** The prompt that is unfinished, and its tokens that are left. */
  #partial = -1;
  #left = 0;
  /** Tokens of answers so far, by request. */
  readonly #made: Int32Array;
  readonly #found: RecordedSchedule;
  #preemptions = 0;

  constructor(requests: RecordedRequests, steps: LoggedSteps, flags: ScheduleFlags) {
    const { size, firstToken } = requests;
    this.#requests = requests;
    this.#steps = steps;
    this.#byPriority = flags.scheduling_policy === priority.name;
    this.#tokenBudget = flags.max_num_batched_tokens;
    this.#queue = Array.from(Array(size).keys()).sort((a, b) =>
      firstToken[a] - firstToken[b] || a - b
    );
    this.#made = new Int32Array(size);
    this.#found = {
      size: steps.size,
      decoding: new Int32Array(steps.size),
      context: new Float64Array(steps.size),
      prefilling: new Int32Array(steps.size),
      prefillTokens: new Int32Array(steps.size),
      prefillPairs: new Float64Array(steps.size),
      fromIdle: new Uint8Array(steps.size),
      admitted: new Int32Array(size).fill(-1),
      first: new Int32Array(size).fill(-1),
      last: new Int32Array(size).fill(-1),
      preemptions: 0,
    };
  }

  run(): RecordedSchedule | string {
    const { size, decoding } = this.#steps;
    for (let step = 0; step < size; step++) {
      const held = this.#running.length + this.#preempted.length;
      if (held === 0 && this.#partial < 0) this.#found.fromIdle[step] = 1;
      const waits = this.#whoWaits(step);
      const resumed = this.#matchRunning(decoding[step]);
      if (this.#running.length !== decoding[step]) {
        return `iteration ${step + 1} of the log has ${
          decoding[step]
        } sequences that decode, the ` +
          `recorded requests ${this.#running.length}`;
      }
      this.#countDecoding(step, resumed);
      const joined = this.#prefill(step);
      if (typeof joined === "string") return joined;
      this.#running = this.#running.filter((row) => this.#token(row, step));
      this.#running.push(...waits);
      for (const row of joined) {
        this.#found.first[row] = step;
        if (this.#token(row, step)) this.#running.push(row);
      }
    }
    const open = this.#queue.length + this.#running.length + this.#preempted.length +
      (this.#partial >= 0 ? 1 : 0);
    if (open > 0) return `the log ends before ${open} of the recorded requests do`;
    return { ...this.#found, preemptions: this.#preemptions };
  }

  /**
   * Takes those out who have no turn in a step: where the least urgent sequence lacks a block at its own
   * turn, it yields, and those let in after it wait for the next step (vLLM reference §2). They are there
   * again then, and recompute nothing: so the log tells them from victims.
   */
  #whoWaits(step: number): number[] {
    const { decoding, recomputedTokens } = this.#steps;
    const running = this.#running;
    if (!this.#byPriority || running.length - decoding[step] < 2 || step + 1 === this.#steps.size) {
      return [];
    }
    const at = this.#leastUrgent(running);
    const ending = running.filter((row, i) => i < at && this.#isLast(row)).length;
    const back = decoding[step + 1] > decoding[step] - ending &&
      (recomputedTokens?.[step + 1] ?? 0) === 0;
    return at === decoding[step] && back ? running.splice(at + 1) : [];
  }

  /** Whether the next token of `row` is its last. */
  #isLast(row: number): boolean {
    return this.#made[row] + 1 >= this.#requests.outputTokens[row];
  }

  /** Preempts and resumes until as many run as the log says; returns who resumed. */
  #matchRunning(wanted: number): number[] {
    const resumed: number[] = [];
    while (this.#running.length > wanted) {
      const at = this.#byPriority ? this.#leastUrgent(this.#running) : this.#running.length - 1;
      this.#preempted.push(...this.#running.splice(at, 1));
      this.#preemptions++;
    }
    while (this.#running.length < wanted && this.#preempted.length > 0) {
      const at = this.#byPriority ? this.#mostUrgent(this.#preempted) : this.#preempted.length - 1;
      const [row] = this.#preempted.splice(at, 1);
      this.#running.push(row);
      resumed.push(row);
    }
    return resumed;
  }

  #leastUrgent(rows: readonly number[]): number {
    const { priority } = this.#requests;
    return rows.reduce((most, row, i) => {
      const by = priority[row] - priority[rows[most]] || row - rows[most];
      return by > 0 ? i : most;
    }, 0);
  }

  #mostUrgent(rows: readonly number[]): number {
    const { priority } = this.#requests;
    return rows.reduce((least, row, i) => {
      const by = priority[row] - priority[rows[least]] || row - rows[least];
      return by < 0 ? i : least;
    }, 0);
  }

  /** Who resumes computes its tokens anew, as a prompt does: those that the prefix cache has not. */
  #countDecoding(step: number, resumed: readonly number[]): void {
    const { decoding, context } = this.#found;
    // The log has the sum: it is dealt out evenly, for all that it says.
    let left = resumed.length;
    let computedAnew = (this.#steps.recomputedTokens?.[step] ?? Infinity) + left;
    for (const row of this.#running) {
      const tokens = this.#requests.promptTokens[row] + this.#made[row];
      if (resumed.includes(row)) {
        const computed = Math.min(Math.ceil(computedAnew / left--), tokens);
        computedAnew -= computed;
        this.#countPrompt(step, computed, tokens - computed);
      } else {
        decoding[step]++;
        context[step] += tokens;
      }
    }
  }

  #countPrompt(step: number, tokens: number, past: number): void {
    const { prefilling, prefillTokens, prefillPairs } = this.#found;
    prefilling[step]++;
    prefillTokens[step] += tokens;
    prefillPairs[step] += tokens * past + tokens * (tokens + 1) / 2;
  }

  /** Deals the prompt tokens of an iteration out; returns whose prompts are complete. */
  #prefill(step: number): number[] | string {
    const { prefilling, prefillTokens, decoding } = this.#steps;
    let prompts = prefilling[step], tokens = prefillTokens[step];
    // A step that uses its budget up cuts its last prompt, whose length then says nothing.
    const cut = tokens + decoding[step] >= this.#tokenBudget;
    const complete: number[] = [];
    const take = (row: number, left: number) => {
      const share = Math.min(left, tokens);
      this.#countPrompt(step, share, this.#requests.promptTokens[row] - left);
      tokens -= share;
      prompts--;
      [this.#partial, this.#left] = share < left ? [row, left - share] : [-1, 0];
      if (share === left) complete.push(row);
    };
    if (prompts > 0 && this.#partial >= 0) take(this.#partial, this.#left);
    while (prompts > 0 && tokens > 0 && this.#partial < 0 && this.#queue.length > 0) {
      const row = this.#next(prompts === 1 && !cut ? tokens : NaN);
      this.#found.admitted[row] = step;
      take(row, uncached(this.#requests, row));
    }
    if (prompts === 0 && tokens === 0) return complete;
    return `iteration ${step + 1} of the log computes ${prefillTokens[step]} tokens of ` +
      `${prefilling[step]} prompts, which no recorded prompts add up to`;
  }

  /** First tokens of one iteration come in any order: the last prompt is the one of the right length. */
  #next(tokens: number): number {
    const queue = this.#queue;
    const exact = Number.isNaN(tokens) ? -1 : queue.slice(0, LOOK_AHEAD)
      .findIndex((row) => uncached(this.#requests, row) === tokens);
    const [row] = queue.splice(Math.max(exact, 0), 1);
    return row;
  }

  /** A token for `row`; whether it goes on. */
  #token(row: number, step: number): boolean {
    if (++this.#made[row] < this.#requests.outputTokens[row]) return true;
    this.#found.last[row] = step;
    return false;
  }
}

/** Tokens of a prompt that were computed. */
function uncached({ promptTokens, cachedTokens }: RecordedRequests, row: number): number {
  return promptTokens[row] - (cachedTokens?.[row] ?? 0);
}
