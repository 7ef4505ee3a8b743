import { quantileSorted } from "../statistics/quantile.ts";
import type { Labels, Workload } from "../workload/workload.ts";

/** A set of requests that is told by what they are, so that every alternative has the same ones. */
export interface Who {
  readonly kind: "all" | "tenant" | "tier" | "answer length";
  readonly name: string;
  has(workload: Workload, row: number): boolean;
}

/** Tenants that are named; the others are together. */
const TENANTS = 8;

export const EVERYBODY: Who = { kind: "all", name: "all", has: () => true };

/**
 * Who there is in a log: its tiers, its tenants with the most requests, and quarters of the requests by
 * the length of their answers. Kinds of which there is only one are left out.
 */
export function whoOf(workload: Workload): readonly Who[] {
  const { tier, tenant } = workload.requests;
  return [
    ...labelled("tier", tier, tier.names.length),
    ...labelled("tenant", tenant, TENANTS),
    ...quarters(workload),
  ];
}

function labelled(kind: "tier" | "tenant", { codes, names }: Labels, most: number): Who[] {
  const counts = new Float64Array(names.length);
  for (const code of codes) counts[code]++;
  const used = [...names.keys()].filter((code) => counts[code] > 0);
  if (used.length < 2) return [];
  const byCount = kind === "tier" ? used : used.sort((a, b) => counts[b] - counts[a] || a - b);
  const labels = (workload: Workload) => workload.requests[kind];
  const named = byCount.slice(0, most).map((code): Who => ({
    kind,
    name: `${kind} ${names[code]}`,
    has: (workload, row) => labels(workload).codes[row] === code,
  }));
  const rest = new Set(byCount.slice(most));
  if (rest.size === 0) return named;
  const name = `${rest.size} other ${kind}s`;
  return [...named, { kind, name, has: (workload, row) => rest.has(labels(workload).codes[row]) }];
}

function quarters({ truth: { outputTokens } }: Workload): Who[] {
  const sorted = Float64Array.from(outputTokens).sort();
  const bounds = [0.25, 0.5, 0.75].map((p) => Math.ceil(quantileSorted(sorted, p)));
  const edges = [...new Set([1, ...bounds, Infinity])].sort((a, b) => a - b);
  const used = edges.slice(0, -1).filter((from, i) =>
    sorted.some((tokens) => tokens >= from && tokens < edges[i + 1])
  );
  if (used.length < 2) return [];
  return edges.slice(0, -1).map((from, i): Who => {
    const to = edges[i + 1];
    return {
      kind: "answer length",
      name: to === Infinity
        ? `answers of ${from} tokens or more`
        : `answers of ${from} to ${to - 1} tokens`,
      has: ({ truth }, row) => truth.outputTokens[row] >= from && truth.outputTokens[row] < to,
    };
  });
}

/** The rows of a workload that belong to somebody. */
export function rowsOf(who: Who, workload: Workload): Int32Array {
  const rows = new Int32Array(workload.requests.size);
  let n = 0;
  for (let row = 0; row < rows.length; row++) if (who.has(workload, row)) rows[n++] = row;
  return rows.subarray(0, n);
}
