import type { Policy, PolicyView } from "../../src/policies/policy.ts";
import { choosePolicy, createPolicy } from "../../src/policies/registry.ts";

/** Columns with room for n requests, filled in as they are pushed. */
export function emptyView(n: number, tierCount: number) {
  return {
    size: n,
    queuedAt: new Float64Array(n),
    tier: new Uint8Array(n),
    tierCount,
    tenant: new Uint8Array(n),
    tenantCount: 4,
    category: new Uint8Array(n),
    categoryCount: 4,
    promptTokens: new Int32Array(n),
    maxTokens: new Int32Array(n).fill(2048),
    estimate: new Float64Array(n),
    totalBudget: new Float64Array(n),
    attained: new Int32Array(n),
  } satisfies PolicyView;
}

/** A policy of the registry over `view`. */
export function policyOf(name: string, view: PolicyView, options: object = {}): Policy {
  return createPolicy(choosePolicy({ name, options: options as Record<string, unknown> }), view);
}
