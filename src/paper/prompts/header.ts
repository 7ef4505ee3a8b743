import type { Category } from "../categories.ts";
import type { Tier } from "../../workload/tiers.ts";

/** What the header names. */
export interface PromptHeader {
  /** Request number, an integer ≥ 0. */
  readonly request: number;
  /** Name of the tenant; the reference system has one tenant a tier, named like the tier. */
  readonly tenant: Tier;
  readonly category: Category;
  /** Whether the header names the job type, and so hands the classifier its answer. */
  readonly labelInHeader: boolean;
}

/** Start of the header, before the request number. */
export const HEADER_OPEN = "[request ";
/** End of the header, after its last field. */
export const HEADER_CLOSE = "]\n";

/** The header's field for the tenant. */
export function tenantField(tenant: Tier): string {
  return ` | tenant ${tenant}`;
}

/** The header's field for the job type. */
export function jobField(category: Category): string {
  return ` | job ${category}`;
}

/**
 * The line in front of a prompt's body, such as `[request 17 | tenant premium | job report]\n`, or
 * `[request 17 | tenant premium]\n` without the label. What it names: driftsched reference, "Workload";
 * the wording is our own.
 */
export function renderHeader(header: PromptHeader): string {
  const job = header.labelInHeader ? jobField(header.category) : "";
  return HEADER_OPEN + header.request + tenantField(header.tenant) + job + HEADER_CLOSE;
}
