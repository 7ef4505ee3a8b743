import { yielderOf } from "../policies/checked-answer.ts";
import type { RequestSequence, ServerPolicy } from "../policies/server-policy.ts";
import type { AdmissionRule } from "./admission-rule.ts";
import type { PrefixHit } from "./prefix/prefix-hit.ts";
import { RequestList } from "./request-list.ts";
import type { SchedulerView } from "./scheduler-view.ts";

/** What running sequences give back when they yield, within the step being planned. */
export interface Holdings {
  /** KV blocks that would be free without `requests`. */
  freeWithout(requests: RequestSequence): number;
  /** What the head would find cached then. */
  hitWithout(requests: RequestSequence): Readonly<PrefixHit>;
  /** Tokens of the budget that `request` has in the planned step. */
  scheduledOf(request: number): number;
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
   * @param tokens that `head` has to hold
   * @param budget left in the step being planned, tokens
   * @param admitted sequences admitted in this step, at the end of the running list: they stay
   * @returns whether it can be admitted then; if not, nobody is to yield
   */
  choose(head: number, tokens: number, budget: number, admitted: number): boolean {
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
      candidates.removeAt(place);
      chosen.push(request);
      running--;
      budget += this.#holdings.scheduledOf(request);
      const freeBlocks = this.#holdings.freeWithout(chosen);
      const hit = this.#holdings.hitWithout(chosen);
      if (this.#rule.fits(tokens, hit, { running, freeBlocks, budget })) return true;
    }
    return false;
  }
}
