import { gather } from "../../transforms/gather.ts";
import type { Labels } from "../../workload.ts";

/** Labels of some rows, with the names that they use, in the order of their first use. */
export function usedLabels({ codes, names }: Labels, rows: Int32Array): Labels {
  const place = new Int32Array(names.length).fill(-1);
  const used: string[] = [];
  const taken = gather(codes, rows);
  for (let i = 0; i < taken.length; i++) {
    const code = taken[i];
    if (place[code] < 0) place[code] = used.push(names[code]) - 1;
    taken[i] = place[code];
  }
  return { codes: taken, names: used };
}
