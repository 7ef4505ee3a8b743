/**
 * `deno task fidelity --points [FILE.csv] [--json]`: simulates public serving points of class A and B,
 * each on the server of its flags, and prints by card and model how far off the simulation is.
 */
import { type MeasuredRow, readMeasuredPoints } from "../fidelity/points/measured-point.ts";
import {
  type PredictedPoint,
  predictPoint,
  type SkippedPoint,
} from "../fidelity/points/predict-point.ts";
import {
  cardsOff,
  type PointErrors,
  type PointGroup,
  skippedByReason,
  summarizePoints,
} from "../fidelity/points/summarize-points.ts";
import type { StepTerms } from "../fidelity/points/term-meter.ts";
import { readBundled } from "../files/read-bundled.ts";
import { premisesOf } from "../servers/describe-sized-server.ts";
import { readText } from "./fit.ts";

const BUNDLED = "models_gpus/measured_points.csv";

/** What the task prints with `--json`. */
export interface PointsReport {
  readonly groups: readonly PointGroup[];
  /** Cards beyond the bar of their median error. */
  readonly off: ReturnType<typeof cardsOff>;
  readonly points: readonly {
    readonly id: string;
    readonly server: string;
    readonly compared: PredictedPoint["compared"];
    readonly terms: PredictedPoint["terms"];
    readonly assumed: string | null;
  }[];
  /** Ids of rows that were not simulated, by reason. */
  readonly skipped: Readonly<Record<string, readonly string[]>>;
  /** By card: what of it was measured, and what is assumed. */
  readonly cards: Readonly<Record<string, readonly string[]>>;
}

/** Reliability classes that are predicted. */
const PREDICTED: readonly MeasuredRow["reliability"][] = ["A", "B"];

/** Predicts the points of a file; the bundled one where none is named. */
export async function pointsReport(path?: string): Promise<PointsReport> {
  const csv = path === undefined
    ? new TextDecoder().decode(await readBundled(BUNDLED))
    : await readText(path);
  const rows = readMeasuredPoints(csv, path ?? `data/${BUNDLED}`);
  const points: PredictedPoint[] = [], skipped: SkippedPoint[] = [];
  for (const row of rows) {
    if (!PREDICTED.includes(row.reliability)) {
      skipped.push({ row, why: `reliability ${row.reliability}: more than one thing is inferred` });
      continue;
    }
    const found = predictPoint(row);
    if ("why" in found) skipped.push(found);
    else points.push(found);
  }
  const groups = summarizePoints(points);
  return {
    groups,
    off: cardsOff(groups),
    points: points.map(({ row, sized, compared, terms, assumed }) => ({
      ...{ id: row.id, server: sized.server.name!, compared, terms, assumed },
    })),
    skipped: Object.fromEntries(skippedByReason(skipped)),
    cards: Object.fromEntries(points.map(({ row, sized }) => [row.gpu, basesOf(sized)])),
  };
}

function basesOf(sized: PredictedPoint["sized"]): string[] {
  return premisesOf(sized).filter(({ basis }) => basis === "measured" || basis === "assumed")
    .map(({ what, value, basis }) => `${what} ${basis}: ${value}`);
}

const TERMS: Readonly<Record<keyof StepTerms, string>> = {
  weights: "reading weights",
  kv: "reading KV",
  matmul: "products",
  host: "host, small kernels and what adds up",
};

const signed = (value: number) => `${value >= 0 ? "+" : ""}${value.toFixed(0)} %`;

function cell(errors: PointErrors | undefined): string {
  if (errors === undefined) return "–";
  const { median_abs_pct, worst_pct, worst_row } = errors;
  return `${median_abs_pct.toFixed(1)} % ${signed(worst_pct)} (${worst_row})`;
}

/** Prints the table by card and model, cards that are off, what was left out, and what is assumed. */
export function printPoints({ groups, off, skipped, cards }: PointsReport): void {
  console.log("Median size of the error, and the worst one (its row):\n");
  console.log(
    `${"".padEnd(42)}points ${"TPOT".padStart(22)}${"TTFT".padStart(22)}${
      "throughput".padStart(22)
    }  most time`,
  );
  for (const { gpu, model, points, errors, dominant } of groups) {
    const name = model === null ? gpu : `  ${model}`;
    const cells = [errors.tpot, errors.ttft, errors.throughput].map((each) =>
      cell(each).padStart(22)
    );
    console.log(`${name.padEnd(42)}${String(points).padStart(6)} ${cells.join("")}  ${dominant}`);
  }
  console.log(off.length === 0 ? "\nEvery card is within its bar." : "\nBeyond their bar:");
  for (const { gpu, metric, median_abs_pct, median_pct, bar_pct, dominant } of off) {
    console.log(
      `  ${gpu}: ${metric} ${median_abs_pct.toFixed(1)} % off in the median, bar ${bar_pct} %, ` +
        `simulated ${median_pct < 0 ? "too low" : "too high"}; most of the time goes into ` +
        TERMS[dominant],
    );
  }
  console.log(
    "\nOn the bundled points these errors flatter: constants of prompts, experts, sums over cards, " +
      "passing tokens on,\nand of an A100's small kernels were chosen on them.",
  );
  console.log("\nNot simulated:");
  for (const [why, rows] of Object.entries(skipped)) {
    console.log(`  ${why}: ${rows.length} rows (${rows.join(", ")})`);
  }
  console.log("\nWhat the cards rest on:");
  for (const [gpu, bases] of Object.entries(cards)) console.log(`  ${gpu}: ${bases.join("; ")}`);
}
