import { escapeControls } from "../errors/escape-controls.ts";
import type { AlternativeAnswer, Doubted, GroupAnswer, WhatIfAnswer } from "./answer.ts";
import type { Measure } from "./measures.ts";
import { promiseText } from "./service-promise.ts";
import { MEASURE_NAMES, speakingOf } from "./tables.ts";

/** Columns of the screen, in characters. */
const NAME = 36, CELL = 19;
/** Groups of a verdict that are named; the report has all. */
const SHOWN = 5;
const COLUMNS: readonly Measure[] = ["e2e_p50", "e2e_p99", "ttft_p99"];

function number(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}

const percent = (share: number | null) =>
  share === null ? "–" : `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(0)}`;

const seconds = ({ value, low, high }: Doubted) =>
  `${number(value)} (${number(low)}–${number(high)})`;
const change = ({ value, low, high }: Doubted) =>
  value === null ? "–" : `${percent(value)} % (${percent(low)}…${percent(high)})`;

/** A cell of the table; one that is too long keeps a space behind it. */
const padded = (cell: string) => `${cell.padEnd(CELL - 1)} `;

/** The answer in lines of plain text, for one screen. */
export function whatIfText(answer: WhatIfAnswer): string {
  const { alternatives, cheapest, limits, promise, level, draws } = answer;
  const lines = [
    ...headLines(answer),
    "",
    ...measuredLines(answer),
    "",
    tableHead(answer),
    ...alternatives.flatMap((each, i) => alternativeLines(each, i > 0, promise !== null)),
    `Seconds from arrival, with ${
      Math.round(100 * level)
    } % intervals from ${draws} resampled logs, each ` +
    "on a server as the true one may be;",
    "below them the change against as it was, paired. An oracle knows how long each answer will be.",
    "",
    ...speakingOf(answer).slice(0, 1).flatMap(whoLines),
    ...promise === null ? [] : [
      cheapest === null
        ? `The promise (${promiseText(promise)}) is kept by none of these.`
        : `Cheapest that keeps the promise (${promiseText(promise)}): ${cheapest.name}${
          cheapest.sure ? "" : ", likely but not for sure"
        }.`,
    ],
    "",
    "What this cannot know:",
    ...limits.map((each) => `- ${each}`),
  ];
  return lines.map(escapeControls).join("\n");
}

function headLines({ log, server, alternatives }: WhatIfAnswer): string[] {
  const { requests, span_s, requests_per_s, unserved } = log;
  const of = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;
  const kinds = [of(log.tenants, "tenant"), of(log.tiers, "tier")];
  const categories = log.categories === 1 ? "1 category" : `${log.categories} categories`;
  return [
    `${log.source}: ${requests} requests in ${number(span_s)} s (${
      number(requests_per_s)
    } a second), ` +
    `prompts of ${number(log.prompt_tokens_mean)} and answers of ${
      number(log.output_tokens_mean)
    } ` +
    `tokens, ${kinds.join(", ")}, ${categories}` + (unserved > 0 ? `; ${unserved} unserved` : ""),
    `read as ${log.format}${log.recognised === null ? "" : ` (${log.recognised})`}`,
    ...log.assumptions.map((each) => `assumed: ${each}`),
    `server: ${alternatives[0].servers} × ${server.name}`,
  ];
}

function measuredLines({ as_measured: found, level }: WhatIfAnswer): string[] {
  if (found === null) {
    return [
      "The log measured no latencies, so nobody can say how far the simulated server is off.",
    ];
  }
  const known = Object.entries(found) as [Measure, NonNullable<typeof found[Measure]>][];
  const latencies = known.filter(([measure]) => measure !== "kept" && measure !== "goodput");
  const inside = latencies.filter(([, each]) => each.inside).length;
  const said = latencies.filter(([measure]) => measure !== "e2e_mean").map(([measure, each]) =>
    `${MEASURE_NAMES[measure]} ${number(each.measured)} s, simulated ${number(each.value)} ` +
    `(${percent(each.error)} %)`
  );
  return [
    `As it was, measured: ${said.join("; ")}.`,
    `${inside} of ${latencies.length} measured numbers lie in the simulation's ` +
    `${Math.round(100 * level)} % intervals.`,
  ];
}

function tableHead({ promise }: WhatIfAnswer): string {
  const cells = [
    ...COLUMNS.map((measure) => MEASURE_NAMES[measure]),
    ...promise === null ? [] : ["promise kept", "goodput/s", ""],
  ];
  return `${"".padEnd(NAME)}${cells.map(padded).join("")}`.trimEnd();
}

function alternativeLines(
  { name, all, meets, refused }: AlternativeAnswer,
  compared: boolean,
  promised: boolean,
): string[] {
  const { measures, changes } = all;
  const share = ({ value, low, high }: Doubted) => {
    const [at, from, to] = [value, low, high].map((each) =>
      each === null ? "–" : (100 * each).toFixed(0)
    );
    return `${at} % (${from}–${to})`;
  };
  const values = [
    ...COLUMNS.map((measure) => seconds(measures[measure])),
    ...promised ? [share(measures.kept), seconds(measures.goodput), meets ?? ""] : [],
  ];
  const changed = [
    ...COLUMNS.map((measure) => change(changes[measure])),
    ...promised ? ["", change(changes.goodput)] : [],
  ];
  const line = (first: string, cells: readonly string[]) =>
    `${first.padEnd(NAME)}${cells.map(padded).join("")}`.trimEnd();
  return [
    line(name.length < NAME ? name : `${name.slice(0, NAME - 2)}…`, values),
    ...compared ? [line("", changed)] : [],
    ...refused > 0 ? [`  ${refused} refused: too long for the server`] : [],
  ];
}

function whoLines({ name, groups }: AlternativeAnswer): string[] {
  const of = (verdict: GroupAnswer["verdict"]) =>
    groups.filter((each) => each.verdict === verdict)
      .map(({ group, changes }) => `${group} ${change(changes.e2e_mean)}`);
  const line = (what: string, names: readonly string[]) => {
    if (names.length === 0) return [];
    const more = names.length > SHOWN ? `; and ${names.length - SHOWN} more` : "";
    return [`  ${what}: ${names.slice(0, SHOWN).join("; ")}${more}`];
  };
  return [
    `By mean E2E, under ${name}:`,
    ...line("gain", of("gains")),
    ...line("pay", of("pays")),
    ...line("the same", of("same").map((each) => each.replace(/ [−+].*$/, ""))),
    ...line("not decided", of("open")),
  ];
}
