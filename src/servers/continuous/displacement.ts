import { yielderOf } from "../policies/checked-answer.ts";
import type { ServerPolicy } from "../policies/server-policy.ts";
import type { AdmissionRule } from "./admission-rule.ts";
import { RequestList } from "./request-list.ts";
import type { SchedulerView } from "./scheduler-view.ts";

/** What a running sequence gives back when it yields, within the step being planned. */
export interface Holdings {
  /** KV blocks that it holds, those of the planned step among them. */
  blocksOf(request: number): number;
  /** Tokens of the budget that it has in the planned step. */
  scheduledOf(request: number): number;
}

/** What is left in the step being planned. */
export interface Room {
  readonly freeBlocks: number;
  readonly budget: number;
}

/**
 * Who yields to the head of the waiting queue. The policy chooses one after the other until the head
 * fits; nobody yields in vain. The same in both cores.
 */
export class Displacement {
  /** Those chosen by the last call of {@link choose}, in this order. */
  readonly chosen: RequestList;
  readonly #candidates: RequestList;
  readonly #policy: ServerPolicy;
  readonly #view: SchedulerView;
  readonly #rule: AdmissionRule;
  readonly #holdings: Holdings;

  constructor(
    policy: ServerPolicy,
    view: SchedulerView,
    { rule, holdings }: { readonly rule: AdmissionRule; readonly holdings: Holdings },
  ) {
    this.#policy = policy;
    this.#view = view;
    this.#rule = rule;
    this.#holdings = holdings;
    this.chosen = new RequestList(rule.maxSequences);
    this.#candidates = new RequestList(rule.maxSequences);
  }

  /**
   * Finds those who have to yield so that `head` can be admitted.
   * @param tokens that `head` has to compute
   * @param admitted sequences admitted in this step, at the end of the running list: they stay
   * @returns whether it can be admitted then; if not, nobody is to yield
   */
  choose(
    head: number,
    tokens: number,
    { freeBlocks, budget }: Room,
    admitted: number,
  ): boolean {
    const { chosen } = this, candidates = this.#candidates;
    const { items, size } = this.#view.running();
    chosen.size = 0;
    candidates.size = size - admitted;
    candidates.items.set(items.subarray(0, candidates.size));
    let running = size;
    while (candidates.size > 0) {
      const place = yielderOf(this.#policy, head, candidates, this.#view);
      if (place < 0) return false;
      const request = candidates.items[place];
      candidates.remove(request);
      chosen.push(request);
      running--;
      freeBlocks += this.#holdings.blocksOf(request);
      budget += this.#holdings.scheduledOf(request);
      if (this.#rule.fits(tokens, running, freeBlocks, budget)) return true;
    }
    return false;
  }
}
