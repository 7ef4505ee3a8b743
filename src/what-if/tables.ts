import * as aq from "arquero";
import type { AlternativeAnswer, Doubted, WhatIfAnswer } from "./answer.ts";
import { type Measure, MEASURES } from "./measures.ts";

/** What readers call the measures. Latencies count from arrival. */
export const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  e2e_mean: "E2E mean",
  e2e_p50: "E2E P50",
  e2e_p99: "E2E P99",
  ttft_p50: "TTFT P50",
  ttft_p99: "TTFT P99",
  tpot_p50: "TPOT P50",
  kept: "promise kept",
  goodput: "goodput",
};

const spread = (prefix: string, { value, low, high }: Doubted) => ({
  [prefix]: value,
  [`${prefix}_low`]: low,
  [`${prefix}_high`]: high,
});

/**
 * Every alternative as a row: `alternative`, `servers`, then each of the measures with `_low` and
 * `_high` (seconds; `kept`: a share; `goodput`: requests a second), `meets`, `refused`.
 */
export function alternativeNumbers({ alternatives }: WhatIfAnswer): aq.ColumnTable {
  return aq.from(alternatives.map(({ name, servers, all, meets, refused }) => ({
    ...{ alternative: name, servers },
    ...Object.assign({}, ...MEASURES.map((measure) => spread(measure, all.measures[measure]))),
    ...{ meets, refused },
  })));
}

/** A number with its interval, three significant digits each: `10.4 (7.63 to 15.4)`. */
function inWords({ value, low, high }: Doubted): string {
  const said = (each: number | null) =>
    each === null ? "–" : each.toLocaleString("en-US", { maximumSignificantDigits: 3 });
  return value === null ? "–" : `${said(value)} (${said(low)} to ${said(high)})`;
}

/** {@link alternativeNumbers} to be read: a cell a number with its interval. */
export function alternativesInWords({ alternatives }: WhatIfAnswer): aq.ColumnTable {
  return aq.from(alternatives.map(({ name, all, meets, refused }) => ({
    alternative: name,
    ...Object.fromEntries(
      MEASURES.filter((measure) => alternatives[0].all.measures[measure].value !== null)
        .map((measure) => [MEASURE_NAMES[measure], inWords(all.measures[measure])]),
    ),
    ...meets !== null && { "keeps the promise": meets },
    ...alternatives.some((each) => each.refused > 0) && { refused },
  })));
}

/**
 * Changes against as it was: `group` (an alternative), `variant` (the same), `measure`, `effect` (−0.4 is
 * 40 % less), `low`, `high`, `n` (draws), `baseline`. Measures that nobody knows are left out.
 */
export function alternatives(
  { alternatives: [was, ...others], draws }: WhatIfAnswer,
  measures: readonly Measure[] = ["e2e_p50", "e2e_p99", "ttft_p99"],
): aq.ColumnTable {
  return aq.from(
    others.flatMap(({ name, all }) =>
      rowsOf({ group: name, variant: name }, all.changes, measures, draws, was.name)
    ),
  );
}

/**
 * Who gains and who pays: `group`, `kind`, `requests`, `variant` (an alternative), `measure`, `effect`,
 * `low`, `high`, `n` (draws), `verdict` (by the mean E2E), `baseline`.
 */
export function whoPays(
  answer: WhatIfAnswer,
  alternatives: readonly AlternativeAnswer[] = speakingOf(answer),
  measures: readonly Measure[] = ["e2e_mean", "e2e_p99"],
): aq.ColumnTable {
  const { alternatives: [was], draws } = answer;
  return aq.from(
    alternatives.flatMap(({ name, groups }) =>
      groups.flatMap(({ group, kind, requests, verdict, changes }) =>
        rowsOf(
          { group, kind, requests, verdict, variant: name },
          changes,
          measures,
          draws,
          was.name,
        )
      )
    ),
  );
}

function rowsOf(
  labels: Readonly<Record<string, string | number>>,
  changes: Readonly<Record<Measure, Doubted>>,
  measures: readonly Measure[],
  draws: number,
  baseline: string,
) {
  return measures.filter((measure) => changes[measure].value !== null).map((measure) => {
    const { value, low, high } = changes[measure];
    return {
      ...labels,
      ...{ measure: MEASURE_NAMES[measure], effect: value, low, high, n: draws, baseline },
    };
  });
}

/** The log as it was, simulated beside measured: a row a measure. Empty where it measured nothing. */
export function asMeasured({ as_measured: found }: WhatIfAnswer): aq.ColumnTable {
  const known = MEASURES.filter((measure) => found?.[measure] !== undefined);
  return aq.from(known.map((measure) => {
    const { measured, value, low, high, error, inside } = found![measure]!;
    return {
      ...{ measure: MEASURE_NAMES[measure], measured, simulated: value, low, high, error },
      inside: inside ? "yes" : "no",
    };
  }));
}

/** Alternatives that a figure has room for. */
const SPOKEN_OF = 3;

/**
 * The alternatives that are worth a closer look, the first the most: the cheapest that meets the
 * promise, then those that lower the mean E2E most, of those that somebody can do.
 */
export function speakingOf(
  { alternatives: [, ...others], cheapest }: WhatIfAnswer,
): readonly AlternativeAnswer[] {
  const change = ({ all }: AlternativeAnswer) => all.changes.e2e_mean.value ?? Infinity;
  return others.filter(({ possible }) => possible).toSorted((a, b) =>
    Number(b.name === cheapest?.name) - Number(a.name === cheapest?.name) || change(a) - change(b)
  ).slice(0, SPOKEN_OF);
}
