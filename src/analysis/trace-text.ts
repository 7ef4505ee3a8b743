import { escapeControls } from "../errors/escape-controls.ts";
import { LATENCY_TITLES } from "../runs/latencies.ts";
import { describeReport } from "../workload/readers/describe-report.ts";
import type { LabelShare } from "../workload/statistics/label-shares.ts";
import type { NumberSummary } from "../workload/statistics/summarize-numbers.ts";
import type { Burstiness } from "../workload/statistics/time-grain.ts";
import { grainText } from "../workload/transforms/spread-times.ts";
import type { TraceDescription } from "./describe-trace.ts";

/** Labels that are listed; the rest is summed up. */
const SHOWN = 6;

/** Up to four significant digits, thousands not separated, so that a number can be copied. */
function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}

function arrivalsText({ gap_cv, idc_1s, idc_10s, idc_60s }: Burstiness) {
  return `CV ${number(gap_cv)}, index of dispersion ${number(idc_1s)} (1 s) ${number(idc_10s)} ` +
    `(10 s) ${number(idc_60s)} (60 s)`;
}

function coarseText(
  { grain_s, poisson }: NonNullable<TraceDescription["coarse_times"]>,
  rate: number,
): string {
  return `logged in ${grainText(grain_s)}: a Poisson process of ${
    number(rate)
  } a second would seem ` +
    `to have ${
      arrivalsText(poisson)
    }; --option spread=uniform (or even) spreads requests over them`;
}

function spread({ mean, p50, p90, p99, max }: NumberSummary, unit = ""): string {
  return `mean ${number(mean)}, p50 ${number(p50)}, p90 ${number(p90)}, p99 ${number(p99)}, ` +
    `max ${number(max)}${unit}`;
}

function shares(labels: readonly LabelShare[]): string {
  const text = ({ name, share }: LabelShare) => `${name || '""'} ${(100 * share).toFixed(1)} %`;
  const rest = labels.slice(SHOWN);
  const sum = rest.reduce((total, { share }) => total + share, 0);
  const others = rest.length > 0 ? [`${rest.length} others ${(100 * sum).toFixed(1)} %`] : [];
  return `${labels.length}: ${[...labels.slice(0, SHOWN).map(text), ...others].join(", ")}`;
}

/** What a prefix cache can hit, in words. */
export function prefixesText(share: number | undefined): string {
  if (share === undefined) return "not known: what a prefix cache would hit is an assumption";
  return `${
    (100 * share).toFixed(1)
  } % of prompt tokens repeat an earlier prefix (blocks of 16, no ` +
    "limit of memory): a prefix cache hits at most that";
}

type Line = [string, string | undefined];

/** A latency from send, and from arrival where that is another number, or the only one. */
function fromBoth(
  [sendTitle, send]: readonly [string, NumberSummary | undefined],
  [arrivalTitle, arrival]: readonly [string, NumberSummary | undefined],
): Line[] {
  const line = (title: string, summary?: NumberSummary): Line => [
    title,
    summary && spread(summary, " s"),
  ];
  const [first, second] = [line(sendTitle, send), line(arrivalTitle, arrival)];
  return first[1] === second[1] ? [first] : [first, second];
}

/** What a trace holds, in lines of plain text for a person. */
export function traceText(description: TraceDescription): string {
  const { report, statistics: all, unserved, measured, models, sessions } = description;
  const { coarse_times: coarse } = description;
  const lines: Line[] = [
    ["requests", `${all.requests} in ${number(all.span_s)} s: ${number(all.rate)} a second`],
    ["arrivals", arrivalsText(all)],
    ["times", coarse && coarseText(coarse, all.rate)],
    ["prompt", `${spread(all.prompt_tokens)} tokens`],
    ["answer", `${spread(all.output_tokens)} tokens`],
    [
      "correlation",
      `prompt with answer ${number(all.log_correlation)} of log(1 + tokens), ` +
      `${number(all.rank_correlation)} of ranks`,
    ],
    ["tenants", shares(all.tenants)],
    ["tiers", shares(description.tiers)],
    ["categories", shares(description.categories)],
    ["models", models && shares(models)],
    [
      "sessions",
      sessions && `${sessions.count}, the longest of ${sessions.most_requests} requests`,
    ],
    ["prefixes", prefixesText(description.shared_prefix_share)],
    ["unserved", unserved && `${unserved.requests}, by status ${shares(unserved.status)}`],
    [
      "all arrivals",
      unserved && `${number(unserved.all_arrivals.rate)} a second, ` +
        arrivalsText(unserved.all_arrivals),
    ],
    ...fromBoth(
      [LATENCY_TITLES.ttftFromSend, measured?.ttft_from_send_s],
      [LATENCY_TITLES.ttft, measured?.ttft_from_arrival_s],
    ),
    [LATENCY_TITLES.tpot, measured?.tpot_s && spread(measured.tpot_s, " s")],
    ...fromBoth(
      [LATENCY_TITLES.e2eFromSend, measured?.e2e_from_send_s],
      [LATENCY_TITLES.e2e, measured?.e2e_from_arrival_s],
    ),
  ];
  const described = lines.filter(([, text]) => text !== undefined)
    .map(([name, text]) => escapeControls(`${`${name} `.padEnd(14)}${text}`));
  return `${describeReport(report)}\n\n${described.join("\n")}`;
}
