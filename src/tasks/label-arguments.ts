import { InputError } from "../errors/input-error.ts";
import { categoriesByClient } from "../workload/transforms/categories-by-client.ts";
import { categoriesByPromptLength } from "../workload/transforms/categories-by-prompt-length.ts";
import { mapTenants } from "../workload/transforms/map-tenants.ts";
import { withStep } from "../workload/transforms/with-step.ts";
import type { Labels, Requests, Workload } from "../workload/workload.ts";

/** What `--help` says of the options that this file reads. */
export const LABEL_USAGE =
  `  --tenants FIELD           who a request belongs to: tenant, tier, category, model, session, or a
                            label of the trace by its own name; or shares, a=0.5,b=0.5: whole
                            clients where the trace has any, else single requests, by draw
  --categories FIELD|by-prompt[:EDGES]|by-client
                            what a request is taken for: a field as above, the length of its prompt
                            (edges in tokens, by-prompt:64,512; default its quartiles), its tenant
  --base-tokens NAME=N,…|N  the estimate's base by category, in the unit of --counting; a number
                            alone is that of the others (default 512)`;

function refuse(field: string, value: string, expected: string): never {
  throw new InputError({ file: "command line", field: `--${field}`, value, expected });
}

/** The columns of a workload by which requests can be told apart. */
function labelsOf(requests: Requests): Readonly<Record<string, Labels>> {
  const { tenant, tier, category, model, session, extra = {} } = requests;
  const own = { tenant, tier, category, ...model && { model }, ...session && { session } };
  const others = Object.entries(extra).filter(([, column]) => "codes" in column);
  return { ...Object.fromEntries(others) as Record<string, Labels>, ...own };
}

function labelsNamed(requests: Requests, field: string, option: string): Labels {
  const labels = labelsOf(requests);
  if (Object.hasOwn(labels, field)) return labels[field];
  return refuse(option, field, `one of ${Object.keys(labels).join(", ")}, which this workload has`);
}

/** `--categories`. An InputError for a field that the workload does not have. */
export function withCategories(workload: Workload, text: string): Workload {
  if (text === "by-client") return categoriesByClient(workload);
  const [rule, edges] = text.split(":");
  if (rule === "by-prompt") {
    const bounds = edges?.split(",").map((edge) => {
      const tokens = Number(edge);
      if (edge.trim() !== "" && Number.isInteger(tokens)) return tokens;
      return refuse("categories", text, "whole numbers of tokens, such as by-prompt:64,512");
    });
    return categoriesByPromptLength(workload, { bounds });
  }
  const { requests } = workload;
  return {
    ...workload,
    requests: { ...requests, category: labelsNamed(requests, text, "categories") },
    provenance: withStep(workload, `category of a request: its ${text}`),
  };
}

/** `--tenants`. An InputError for a field that the workload does not have. */
export function withTenants(workload: Workload, text: string, seed?: number): Workload {
  const { requests } = workload;
  if (text.includes("=")) {
    const { named: shares } = numbersOf("tenants", text);
    const clients = new Set(requests.tenant.codes).size;
    return mapTenants(
      workload,
      clients > 1 ? { rule: "shares", shares } : { rule: "per-request", shares, seed },
    );
  }
  return {
    ...workload,
    requests: { ...requests, tenant: labelsNamed(requests, text, "tenants") },
    provenance: withStep(workload, `tenant of a request: its ${text}`),
  };
}

/** `--base-tokens` as options of the estimate. */
export function baseTokensOf(text: string): {
  readonly baseTokens: Readonly<Record<string, number>>;
  readonly defaultBaseTokens?: number;
} {
  const { named, alone } = numbersOf("base-tokens", text);
  if (alone.length > 1) {
    refuse("base-tokens", text, "NAME=N,…, and one number alone at most, for the others");
  }
  return { baseTokens: named, ...alone.length === 1 && { defaultBaseTokens: alone[0] } };
}

/** Numbers above 0 by name, and those without one. */
function numbersOf(option: string, text: string) {
  const named: Record<string, number> = {};
  const alone: number[] = [];
  for (const part of text.split(",")) {
    // A name may hold = too, a number can't.
    const at = part.lastIndexOf("=");
    const name = part.slice(0, Math.max(0, at)).trim();
    const number = Number(part.slice(at + 1));
    const good = number > 0 && Number.isFinite(number) && (at < 0 || name !== "");
    if (!good || (at < 0 && option === "tenants") || Object.hasOwn(named, name)) {
      refuse(option, text, "NAME=N,… with numbers above 0, each name once");
    }
    if (at < 0) alone.push(number);
    else named[name] = number;
  }
  return { named, alone };
}
