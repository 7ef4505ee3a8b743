import type { LoadView } from "../analysis/load-views.ts";
import { stressRate } from "./load-grid.ts";
import type { PaperWorkloadInput } from "./workload.ts";

/** Of the views of a load sweep, those whose stress phase arrives as fast as in the paper. */
export function atPaperLoad(
  views: readonly LoadView[],
  workload: PaperWorkloadInput = {},
): LoadView[] {
  const paperRate = stressRate(workload);
  return views.filter(({ rate }) => Math.abs(rate / paperRate - 1) < 1e-9);
}
