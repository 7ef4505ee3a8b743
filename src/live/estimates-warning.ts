import type { Estimate } from "../estimation/estimator.ts";
import type { SchedulerOptions } from "../gateway/options.ts";
import { Scheduler } from "../gateway/scheduler.ts";
import type { PolicyDefinition, PolicyView } from "../policies/policy.ts";
import type { Requests } from "../workload/workload.ts";

/** How much longer than estimated an answer is, that is shown to the estimator as a lesson. */
const LESSON = 3;

const MORE =
  "give it categories whose answers differ, and their lengths (--categories, --base-tokens)";

/**
 * Says in words that a policy which goes by estimates (SJF, say) has nothing but the lengths of prompts
 * to go by: the estimate is one constant, or the order by prompt and estimate together is that by the
 * prompt alone, and stays so after the estimator has learned from an answer. Null where that is not so,
 * or where the policy looks at no estimate.
 */
export function estimatesWarning(requests: Requests, options: SchedulerOptions): string | null {
  if (requests.size < 2) return null;
  const { definition, looked } = watched(options.policy.definition);
  const policy = { definition, options: options.policy.options };
  const scheduler = new Scheduler(requests, { ...options, policy });
  for (let row = 0; row < requests.size; row++) scheduler.admit(row, 0);
  scheduler.next(0);
  if (!looked()) return null;
  const { estimator, inputLength } = scheduler;
  const before = scheduler.record.estimatedOutput;
  const byPrompt = inputLength.keys().toArray().sort((a, b) => inputLength[a] - inputLength[b]);
  if (!followsPrompt(before, inputLength, byPrompt)) return null;
  estimator.learn(0, { length: LESSON * before[0], atLeast: false }, 0);
  const into: Estimate = { mean: NaN };
  const after = before.map((_, row) => {
    estimator.estimate(row, 0, into);
    return into.mean;
  });
  if (!followsPrompt(after, inputLength, byPrompt)) return null;
  const { name } = options.policy.definition;
  const constant = before.every((estimate) => estimate === before[0]);
  const why = constant
    ? `the estimate of every answer is the same, ${before[0]} ${estimator.unit}`
    : "its estimates differ only as the prompts do";
  return `${name} has nothing but the lengths of prompts to go by: ${why}. To change that, ${MORE}`;
}

/** Whether prompt and estimate together order requests as their prompts alone do. */
function followsPrompt(
  estimates: Float64Array,
  prompts: Int32Array,
  byPrompt: readonly number[],
): boolean {
  return byPrompt.every((row, place) => {
    if (place === 0) return true;
    const before = byPrompt[place - 1];
    const more = estimates[row] + prompts[row] - estimates[before] - prompts[before];
    return prompts[row] === prompts[before] ? more === 0 : more >= 0;
  });
}

/** A policy that notes whether it has looked at estimates. */
function watched(policy: PolicyDefinition): {
  readonly definition: PolicyDefinition;
  readonly looked: () => boolean;
} {
  let looked = false;
  const definition: PolicyDefinition = {
    ...policy,
    create(view, options) {
      const { estimate, totalBudget, ...rest } = view;
      return policy.create(
        {
          ...rest,
          get estimate() {
            looked = true;
            return estimate;
          },
          get totalBudget() {
            looked = true;
            return totalBudget;
          },
        } satisfies PolicyView,
        options,
      );
    },
  };
  return { definition, looked: () => looked };
}
