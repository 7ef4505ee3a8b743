import type { Random } from "../../../random/substream.ts";
import type { ArrivalProcess } from "./arrival-process.ts";
import type { GapLaw } from "./gap-law.ts";

/** Options of {@link renewal}. */
export interface RenewalOptions {
  /** Requests a second; 0 means no request at all. */
  readonly rate: number;
  readonly gaps: GapLaw;
}

/** Independent gaps of one law: Poisson, Gamma, Weibull and constant arrivals. */
export function renewal(random: Random, { rate, gaps }: RenewalOptions): ArrivalProcess {
  let now = 0;
  return {
    next: () => rate === 0 ? Infinity : now += gaps(random) / rate,
  };
}
