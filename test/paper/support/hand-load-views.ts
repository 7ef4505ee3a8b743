import * as aq from "arquero";
import { type LoadView, loadViews } from "../../../src/analysis/load-views.ts";
import { measureName } from "../../../src/analysis/measure-key.ts";

const P50 = measureName({ measure: "e2e", statistic: "p50", phase: "stress" });
const P99 = measureName({ measure: "e2e", statistic: "p99", phase: "stress" });

/** Median and P99 of one policy, by seed. */
export interface HandCell {
  readonly server: string;
  readonly load: number;
  /** @default load */
  readonly rate?: number;
  readonly policy: string;
  /** @default "ema" */
  readonly calibration?: string;
  readonly p50: readonly number[];
  readonly p99: readonly number[];
}

/** Views of a load sweep written by hand: counting `split`, phase `stress`. */
export function handLoadViews(cells: readonly HandCell[]): LoadView[] {
  const rows = cells.flatMap(({ p50, p99, calibration = "ema", rate, ...labels }) =>
    p50.map((median, i) => ({
      ...labels,
      rate: rate ?? labels.load,
      calibration,
      counting: "split",
      seed: i + 1,
      [P50]: median,
      [P99]: p99[i],
    }))
  );
  return loadViews(aq.from(rows));
}

/** Where {@link handLoadViews} look. */
export const HAND_SCOPE = { counting: "split", period: "stress" };
