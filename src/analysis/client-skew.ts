import * as aq from "arquero";
import type { Labels } from "../workload/workload.ts";

/** Who sent the requests of a trace. */
export interface NamedClients {
  readonly trace: string;
  /** What the names are of: `clients`, `sessions`. */
  readonly unit: string;
  /** Requests named "" have no client and are left out. */
  readonly clients: Labels;
}

/** Ranks shown of a decade, where there are more. */
const PER_DECADE = 20;

/** 1 … n, every one of the first and then ever fewer, the last among them. */
function ranksUpTo(n: number): number[] {
  const ranks: number[] = [];
  for (
    let rank = 1;
    rank < n;
    rank = Math.max(rank + 1, Math.ceil(rank * (1 + 2.3 / PER_DECADE)))
  ) {
    ranks.push(rank);
  }
  return [...ranks, n];
}

/**
 * Share of the requests that the largest clients send. Columns: `trace`, `unit`, `rank` (so many of
 * the largest), `of` (clients with a request), `share` (of the requests, by the largest so many),
 * `equal` (what it would be if all sent equally many).
 */
export function clientSkew(traces: readonly NamedClients[]): aq.ColumnTable {
  return aq.from(traces.flatMap(({ trace, unit, clients: { codes, names } }) => {
    const counts = new Float64Array(names.length);
    for (const code of codes) if (names[code] !== "") counts[code]++;
    const largest = counts.filter((count) => count > 0).sort().reverse();
    const total = largest.reduce((sum, count) => sum + count, 0);
    let sent = 0;
    const cumulative = largest.map((count) => (sent += count) / total);
    const of = largest.length;
    return of === 0 ? [] : ranksUpTo(of).map((rank) => ({
      ...{ trace, unit, rank, of },
      share: cumulative[rank - 1],
      equal: rank / of,
    }));
  }));
}
