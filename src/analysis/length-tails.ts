import * as aq from "arquero";
import { pow } from "../math/pow.ts";
import { quantileSorted } from "../statistics/quantile.ts";
import type { NamedTrace } from "./named-trace.ts";

/** Shares shown: ten a decade down to a thousandth, and the median exactly. */
const SHARES = [
  ...Array.from({ length: 31 }, (_, i) => i % 10 === 0 ? 1 / 10 ** (i / 10) : 1 / pow(10, i / 10)),
  0.5,
]
  .sort((a, b) => b - a);

/**
 * Tails of the lengths of prompts and answers: the length in tokens that a share of the requests
 * exceeds, as far down as there are requests. Columns: `trace`, `kind` (`prompts`, `answers`),
 * `share`, `tokens`.
 */
export function lengthTails(traces: readonly NamedTrace[]): aq.ColumnTable {
  return aq.from(
    traces.flatMap(({ trace, workload: { requests, truth } }) =>
      ([["prompts", requests.promptTokens], ["answers", truth.outputTokens]] as const).flatMap((
        [kind, tokens],
      ) => {
        const sorted = tokens.toSorted();
        return SHARES.filter((share) => share * sorted.length >= 1).map((share) => ({
          ...{ trace, kind, share },
          tokens: quantileSorted(sorted, 1 - share),
        }));
      })
    ),
  );
}
