import type { DispatchInput } from "../gateway/dispatch.ts";
import type { SchedulerOptionsInput } from "../gateway/options.ts";
import { agingPriority } from "../policies/aging-priority.ts";
import { fifo } from "../policies/fifo.ts";
import { priority } from "../policies/priority.ts";
import { sjf } from "../policies/sjf.ts";
import { ORACLE } from "../simulation/oracle.ts";

/** An estimator by the name that tables show. */
export interface NamedEstimator {
  readonly name: string;
  readonly choice: SchedulerOptionsInput["estimator"];
}

/** A way to serve the log. */
export interface Alternative {
  /** What tables call it: `sjf, 32 in flight`, and `× 2` for two servers where several numbers are tried. */
  readonly name: string;
  readonly policy: NonNullable<SchedulerOptionsInput["policy"]>;
  readonly estimator: NamedEstimator;
  readonly dispatch: DispatchInput;
  /** Servers behind the gateway, all alike. */
  readonly servers: number;
}

/** What the alternatives are made of. */
export interface AlternativeSpec {
  /** Numbers of servers, ascending: the first served the log. */
  readonly servers: readonly number[];
  /** Absent: the usual ones. */
  readonly policies?: readonly NonNullable<SchedulerOptionsInput["policy"]>[];
  readonly dispatches?: readonly DispatchInput[];
  readonly estimators?: readonly NamedEstimator[];
  /** The estimate that policies go by unless they are told another. */
  readonly standard: NamedEstimator;
  /** Whether the log has tiers: then Priority is among the usual ones. */
  readonly tiers: boolean;
  /** What stood in front of the servers when the log was made. @default nothing: straight to a server */
  readonly was?: Partial<Pick<Alternative, "policy" | "dispatch">>;
}

/** No gateway: every request goes to a server as it arrives, first come, first served there. */
const STRAIGHT: DispatchInput = { rule: "pass-through" };
const WINDOW: DispatchInput = { rule: "in-flight" };

/** The estimator that knows every answer: what a better estimate could gain at most. */
export const KNOWS_ALL: NamedEstimator = { name: ORACLE, choice: { name: ORACLE } };

/** How the log was served, as far as it says: straight to so many servers, in order of arrival. */
export function asItWas(spec: AlternativeSpec, servers = spec.servers[0]): Alternative {
  const { standard, was } = spec;
  const rule = { policy: fifo.name, dispatch: STRAIGHT, ...was };
  return named(spec, { estimator: standard, ...rule, servers }, "as it was");
}

/**
 * What is compared with {@link asItWas}: all combinations of what was named; where nothing was, the
 * usual ones. These are FIFO and SJF behind a window, SJF with vLLM's own priorities, SJF that knows
 * every answer, Priority and Aging where the log has tiers, and, for further servers, as it was and SJF.
 */
export function alternativesOf(spec: AlternativeSpec): readonly Alternative[] {
  const { servers, standard, policies, dispatches, estimators } = spec;
  const [own, ...more] = servers;
  const chosen = policies ?? dispatches ?? estimators;
  const rules = chosen === undefined ? usual(spec) : crossed(spec);
  const others = chosen === undefined ? [{ policy: sjf.name, dispatch: WINDOW }] : rules;
  const nameRule = (rule: Rule, count: number) =>
    named(spec, { estimator: standard, ...rule, servers: count });
  return [
    ...rules.map((rule) => nameRule(rule, own)),
    ...more.flatMap((count) => [
      asItWas(spec, count),
      ...others.map((rule) => nameRule(rule, count)),
    ]),
  ];
}

type Rule = Pick<Alternative, "policy" | "dispatch"> & Partial<Pick<Alternative, "estimator">>;

function usual({ tiers }: AlternativeSpec): Rule[] {
  return [
    { policy: fifo.name, dispatch: WINDOW },
    { policy: sjf.name, dispatch: WINDOW },
    ...tiers
      ? [priority, agingPriority].map(({ name }) => ({ policy: name, dispatch: WINDOW }))
      : [],
    { policy: sjf.name, dispatch: STRAIGHT },
    { policy: sjf.name, dispatch: WINDOW, estimator: KNOWS_ALL },
  ];
}

function crossed(
  { policies = [sjf.name], dispatches = [WINDOW], estimators, standard }: AlternativeSpec,
): Rule[] {
  return dispatches.flatMap((dispatch) =>
    policies.flatMap((policy) =>
      (estimators ?? [standard]).map((estimator) => ({ policy, dispatch, estimator }))
    )
  );
}

function named(
  { servers, estimators }: AlternativeSpec,
  rule: Omit<Alternative, "name">,
  what?: string,
): Alternative {
  const { policy, dispatch, estimator } = rule;
  const told = estimator.name === KNOWS_ALL.name || (estimators?.length ?? 1) > 1;
  const rules = `${policyName(policy)}${told ? ` ${estimator.name}` : ""}`;
  const parts = [
    ...what === undefined ? [rules, dispatchText(dispatch)] : [what],
  ];
  const count = servers.length > 1 ? ` × ${rule.servers}` : "";
  return { ...rule, name: `${parts.join(", ")}${count}` };
}

function policyName(policy: Alternative["policy"]): string {
  if (typeof policy === "string") return policy;
  return "name" in policy && typeof policy.name === "string" ? policy.name : "a policy of your own";
}

/** A rule of dispatch in a few words. */
export function dispatchText(dispatch: DispatchInput): string {
  if (dispatch.rule === "in-flight") return `${dispatch.window ?? 32} in flight`;
  return dispatch.rule === "pass-through" ? "in vLLM's queue" : "micro-batches";
}
