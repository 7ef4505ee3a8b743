import { InputError } from "../errors/input-error.ts";
import { type Choice, choose, type Chosen } from "../registry/choice.ts";
import { Registry } from "../registry/registry.ts";
import { agingPriority } from "./aging-priority.ts";
import { fifo } from "./fifo.ts";
import type { Policy, PolicyDefinition, PolicyView } from "./policy.ts";
import { priority } from "./priority.ts";
import { sjf } from "./sjf.ts";
import { weighted } from "./weighted.ts";

/** Every policy, in the order of tables and figures. A new policy is one file and one line here. */
export const POLICIES = new Registry<PolicyDefinition>(
  "policy",
  [fifo, priority, weighted, sjf, agingPriority] as readonly PolicyDefinition[],
);

/**
 * Finds the policy that a choice means, with its options parsed; FIFO where nothing is said. An
 * InputError names what is wrong and what is known.
 *
 * @param file what the choice was read from, for messages
 */
export function choosePolicy(
  choice: Choice<PolicyDefinition> | undefined,
  file = "parameters",
): Chosen<PolicyDefinition> {
  return choose(choice, { registry: POLICIES, standard: fifo as PolicyDefinition, file });
}

/** Makes the queue of a chosen policy over `view`. */
export function createPolicy(
  { definition, options }: Chosen<PolicyDefinition>,
  view: PolicyView,
): Policy {
  return definition.create(view, options);
}

/**
 * The order of a chosen policy as an integer a request, for a server with priorities; an InputError
 * where the policy has no such order.
 */
export function createRank(
  { definition, options }: Chosen<PolicyDefinition>,
  view: PolicyView,
): (request: number) => number {
  if (definition.rank !== undefined) return definition.rank(view, options);
  const known = POLICIES.all.filter(({ rank }) => rank !== undefined).map(({ name }) => name);
  throw new InputError({
    file: "parameters",
    field: "policy",
    value: definition.name,
    expected: `a policy whose order can be passed to a server as a priority: ${known.join(", ")}`,
  });
}
