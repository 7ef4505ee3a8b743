import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { type Choice, choose, type Chosen } from "../../registry/choice.ts";
import { fcfs } from "./fcfs.ts";
import { SERVER_POLICIES } from "./registry.ts";
import type { ServerPolicy, ServerPolicyDefinition, ServerView } from "./server-policy.ts";

/**
 * A policy that is no member of the registry, as a parsed configuration holds it. In JSON it is its
 * name: whoever reads that has to bring the policy along.
 */
export class OwnServerPolicy {
  constructor(readonly chosen: Chosen<ServerPolicyDefinition>) {}

  get name(): string {
    return this.chosen.definition.name;
  }

  toString(): string {
    return this.name;
  }

  toJSON(): string {
    return this.name;
  }
}

/** How a server policy is chosen: by name, by name with options, or as a definition of one's own. */
export type ServerPolicyChoiceInput = Choice<ServerPolicyDefinition> | OwnServerPolicy;

/**
 * The same, checked: a known name, a known name with options other than none, or a definition that
 * is not registered.
 */
export type ServerPolicyChoice =
  | string
  | { readonly name: string; readonly options: Readonly<Record<string, unknown>> }
  | OwnServerPolicy;

const FIELD = "scheduling_policy";
const RULES = {
  registry: SERVER_POLICIES,
  standard: fcfs,
  file: "server configuration",
  field: FIELD,
} as const;

function checked(input: ServerPolicyChoiceInput): ServerPolicyChoice {
  if (input instanceof OwnServerPolicy) return input;
  const chosen = choose<ServerPolicyDefinition>(input, RULES);
  const { definition, options } = chosen;
  const { name } = definition;
  if (typeof name !== "string" || name === "") {
    throw new InputError({ file: RULES.file, field: `${FIELD}.name`, expected: "a name" });
  }
  if (SERVER_POLICIES.get(name) !== definition) return new OwnServerPolicy(chosen);
  const given = options as Readonly<Record<string, unknown>>;
  return Object.keys(given).length === 0 ? name : { name, options: given };
}

/**
 * The `scheduling_policy` of a server configuration. The registry is asked when a value is parsed:
 * what was added to it before is known.
 */
export const ServerPolicyChoice = z.custom<ServerPolicyChoiceInput>().transform(
  (input, context): ServerPolicyChoice => {
    try {
      return checked(input);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const { file, field = "", expected } of error.problems) {
        const path = field.split(".").filter((part) => part !== "" && part !== FIELD);
        const inside = file === RULES.file ? path : ["options", ...path];
        context.addIssue({ code: "custom", path: inside, message: expected });
      }
      return z.NEVER;
    }
  },
);

/** Makes the chosen policy over `view`. */
export function createServerPolicy(choice: ServerPolicyChoice, view: ServerView): ServerPolicy {
  const { definition, options } = choice instanceof OwnServerPolicy
    ? choice.chosen
    : choose<ServerPolicyDefinition>(choice, RULES);
  return definition.create(view, options);
}
