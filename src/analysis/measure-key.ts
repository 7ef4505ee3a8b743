import { InputError } from "../errors/input-error.ts";
import type { GroupScope } from "./groups.ts";
import { LATENCIES, type LatencyStatistics } from "./latency.ts";

/** Measures that are one number for a group of requests. */
const PLAIN_MEASURES = [
  "mae",
  "rmse",
  "bias",
  "mape",
  "relative_mae",
  "served_max",
  "starved",
  "factor",
  "cap_share",
  "units_per_token",
  "makespan",
] as const;

/** Statistics of a latency, in the order of a summary. */
export const LATENCY_STATISTICS = [
  "mean",
  "p50",
  "p90",
  "p95",
  "p99",
  "max",
] as const satisfies readonly (keyof LatencyStatistics)[];

/** A measure of one number. */
export type PlainMeasure = (typeof PLAIN_MEASURES)[number];
/** A measure of one value a request, of which a summary holds statistics. */
export type LatencyMeasure = (typeof LATENCIES)[number];

/**
 * Which number of a summary: what is measured and, for latencies, which statistic of it; then the
 * requests that it is about. A part that is left out does not narrow them: `{ measure: "mae" }` is
 * of all completed requests. See `RunSummary` for what each measure is.
 *
 * `{ measure: "e2e", statistic: "p99", phase: "stress", tier: "premium" }` is of one tier in one phase.
 */
export type MeasureKey =
  & GroupScope
  & (
    | { readonly measure: PlainMeasure; readonly statistic?: undefined }
    | { readonly measure: LatencyMeasure; readonly statistic: keyof LatencyStatistics }
  );

const PARTS = ["phase", "tier", "category", "part"] as const;

const escaped = (text: string) => text.replace(/[\\,=[\]]/g, "\\$&");
const plain = (text: string) => text.replace(/\\(.)/gs, "$1");

/**
 * The one string form of a key, as columns of tables and files have it:
 * `e2e.p99[phase=stress,tier=premium]`, `mae[part=late]`, `makespan`. A backslash stands before
 * each of `\ , = [ ]` in a name. Different keys have different forms; {@link parseMeasure} reads
 * them back.
 *
 * @example
 * tables.measureName({ measure: "factor", category: "report" }); // "factor[category=report]"
 */
export function measureName(key: MeasureKey): string {
  const what = key.statistic === undefined ? key.measure : `${key.measure}.${key.statistic}`;
  let scope = "";
  for (const part of PARTS) {
    const name = key[part];
    if (name !== undefined) scope += `${scope === "" ? "" : ","}${part}=${escaped(name)}`;
  }
  return scope === "" ? what : `${what}[${scope}]`;
}

function refusal(name: string, expected: string): InputError {
  return new InputError({ file: "name of a measure", value: name, expected });
}

/** Reads the form of {@link measureName}; an InputError says what is wrong with another text. */
export function parseMeasure(name: string): MeasureKey {
  const form = /^([a-z_]\w*)(?:\.(\w+))?(?:\[(.*)\])?$/s.exec(name);
  if (form === null) throw refusal(name, "a form such as e2e.p99[phase=stress,tier=premium]");
  const [, measure, statistic, scope] = form;
  const isLatency = LATENCIES.some((known) => known === measure);
  if (!isLatency && !PLAIN_MEASURES.some((known) => known === measure)) {
    throw refusal(name, `one of ${[...LATENCIES, ...PLAIN_MEASURES].join(", ")}`);
  }
  if (isLatency && !LATENCY_STATISTICS.some((known) => known === statistic)) {
    throw refusal(
      name,
      `a latency with one of ${LATENCY_STATISTICS.join(", ")}, as ${measure}.p50`,
    );
  }
  if (!isLatency && statistic !== undefined) {
    throw refusal(name, `${measure} without a statistic: it is one number`);
  }
  const key = {
    measure,
    ...statistic !== undefined && { statistic },
    ...scope !== undefined && scopeOf(scope, name),
  } as MeasureKey;
  // One form a key: parts in another order, or an escape that is not needed, are not it.
  if (measureName(key) !== name) throw refusal(name, `the form ${measureName(key)}`);
  return key;
}

function scopeOf(text: string, name: string): Record<string, string> {
  const pairs = [...text.matchAll(/(?:^|,)(\w+)=((?:[^\\,=[\]]|\\[\\,=[\]])*)/gs)];
  const read = pairs.map(([pair]) => pair).join("");
  const known = pairs.every(([, part]) => PARTS.some((each) => each === part));
  if (read !== text || text === "" || !known) {
    throw refusal(name, `parts of ${PARTS.join(", ")}, as [phase=stress,tier=premium]`);
  }
  const scope = Object.fromEntries(pairs.map(([, part, value]) => [part, plain(value)]));
  if (scope.part !== undefined && scope.part !== "late") throw refusal(name, "part=late");
  return scope;
}
