import {
  arrivalGaps,
  arrivalRate,
  type Arrivals,
  arrivalSpan,
  indexOfDispersion,
} from "./arrivals.ts";
import { coefficientOfVariation } from "../../statistics/moments.ts";

/** When requests came. */
export interface ArrivalSummary {
  readonly requests: number;
  /** Seconds from the first arrival to the last, pauses between phases not counted. */
  readonly span_s: number;
  /** Requests a second: one over the mean gap. */
  readonly rate: number;
  /** Coefficient of variation of the gaps between arrivals. */
  readonly gap_cv: number;
  /** Index of dispersion of the arrivals in bins of 1, 10 and 60 seconds. */
  readonly idc_1s: number;
  readonly idc_10s: number;
  readonly idc_60s: number;
}

/** Rate and burstiness of arrivals. Numbers that few requests cannot have are NaN. */
export function summarizeArrivals(arrivals: Arrivals): ArrivalSummary {
  return {
    requests: arrivals.size,
    span_s: arrivalSpan(arrivals),
    rate: arrivalRate(arrivals),
    gap_cv: coefficientOfVariation(arrivalGaps(arrivals)),
    idc_1s: indexOfDispersion(arrivals, 1),
    idc_10s: indexOfDispersion(arrivals, 10),
    idc_60s: indexOfDispersion(arrivals, 60),
  };
}
