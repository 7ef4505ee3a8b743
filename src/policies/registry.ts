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
