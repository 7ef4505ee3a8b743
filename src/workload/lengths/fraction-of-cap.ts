import { exp } from "../../math/exp.ts";
import { log } from "../../math/log.ts";
import { normal, type Random } from "../../random/substream.ts";
import type { LengthModel } from "./length-model.ts";

type Shares = Readonly<Partial<Record<string, number>>>;

/** Options of {@link fractionOfCap}. */
export interface FractionOfCapOptions {
  /** Mean length as a share of the cap, for all categories or by name; 1 for those not named. */
  readonly meanFraction: number | Shares;
  /** Coefficient of variation. */
  readonly cv: number;
}

/** Names come from data: one may be that of a property that every object has. */
function shareOf(shares: Shares, category: string): number {
  return Object.hasOwn(shares, category) ? shares[category]! : 1;
}

/**
 * Lognormal lengths whose mean is a share of the category's cap. An assumption, not a measurement:
 * the paper publishes no lengths. Its claim that calibration factors stay near 1 when tokens are
 * counted (C7) means that most answers ran into their cap, hence the default mean of 1.25 caps,
 * which puts the mean of what is left after the cut near 0.96.
 */
export function fractionOfCap({ meanFraction, cv }: FractionOfCapOptions): LengthModel {
  const variance = log(1 + cv * cv);
  const sigma = Math.sqrt(variance);
  const meanOf = (category: string) =>
    typeof meanFraction === "number" ? meanFraction : shareOf(meanFraction, category);
  return {
    name: "fraction of cap",
    draw(random: Random, category: string, cap: number): number {
      return cap * meanOf(category) * exp(sigma * normal(random) - variance / 2);
    },
  };
}
