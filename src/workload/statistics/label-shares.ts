import type { Labels } from "../workload.ts";

/** Part of the requests that have a label. */
export interface LabelShare {
  readonly name: string;
  readonly share: number;
}

/** Share of each name that occurs, the largest first, equal ones by name. */
export function labelShares({ codes, names }: Labels): LabelShare[] {
  const counts = new Float64Array(names.length);
  for (const code of codes) counts[code]++;
  return names.map((name, code) => ({ name, share: counts[code] / codes.length }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}
