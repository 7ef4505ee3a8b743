import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import { agingPriority } from "./aging-priority.ts";
import { fifo } from "./fifo.ts";
import type { Policy, PolicyDefinition, PolicyView } from "./policy.ts";
import { priority } from "./priority.ts";
import { sjf } from "./sjf.ts";
import { weighted } from "./weighted.ts";

/** Every policy, in the order of tables and figures. A new policy is one file and one line here. */
export const POLICIES: readonly PolicyDefinition[] = [
  fifo,
  priority,
  weighted,
  sjf,
  agingPriority,
] as readonly PolicyDefinition[];

/** The policy called `name`; an {@link InputError} that lists the known names otherwise. */
export function policyNamed(name: string): PolicyDefinition {
  const found = POLICIES.find((policy) => policy.name === name);
  if (found !== undefined) return found;
  throw new InputError({
    file: "parameters",
    field: "policy",
    value: name,
    expected: `one of ${POLICIES.map((policy) => policy.name).join(", ")}`,
  });
}

/** Makes the queue of policy `name` over `view`; `options` are checked by the policy's own schema. */
export function createPolicy(name: string, view: PolicyView, options: unknown = {}): Policy {
  const policy = policyNamed(name);
  return policy.create(view, parseWith(policy.options, options, `options of policy ${name}`));
}

/**
 * The order of policy `name` as an integer a request, for a server with priorities; an
 * {@link InputError} where the policy has no such order.
 */
export function createRank(
  name: string,
  view: PolicyView,
  options: unknown = {},
): (request: number) => number {
  const policy = policyNamed(name);
  if (policy.rank === undefined) {
    const known = POLICIES.filter(({ rank }) => rank !== undefined).map((known) => known.name);
    throw new InputError({
      file: "parameters",
      field: "policy",
      value: name,
      expected: `a policy whose order a server can be told as a priority: ${known.join(", ")}`,
    });
  }
  return policy.rank(view, parseWith(policy.options, options, `options of policy ${name}`));
}
