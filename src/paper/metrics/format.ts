import * as z from "zod";
import { assembleTrace } from "../../workload/readers/parsing/assemble-trace.ts";
import { LabelBuilder } from "../../workload/readers/parsing/builders.ts";
import { labelColumn } from "../../workload/readers/parsing/columns.ts";
import { hasColumns } from "../../workload/readers/parsing/head.ts";
import { instantsOutOfOrder } from "../../workload/readers/parsing/instant-order.ts";
import { orderNames } from "../../workload/readers/parsing/order-names.ts";
import { csvRowReader } from "../../workload/readers/parsing/read-csv.ts";
import type {
  ReadTrace,
  TraceFormat,
  UnservedStatus,
} from "../../workload/readers/trace-format.ts";
import { TIERS } from "../../workload/tiers.ts";
import { METRICS_COLUMNS } from "./metrics-columns.ts";

const LARGEST_COUNT = 2 ** 31 - 1;
const LATEST_SECONDS = 1e11;

function countCell(description: string) {
  return z.string().regex(/^[0-9]{0,10}$/).meta({
    description,
    expected: "an integer from 0 to 2147483647, or nothing",
  });
}

function secondsCell(description: string) {
  return z.string().regex(/^(?:[0-9]{1,12}(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,2})?)?$/).meta({
    description,
    unit: "seconds since 1970",
    expected: "seconds since 1970, or nothing",
  });
}

/** What is read of a row of the reference's `metrics.csv`; a cell is empty where nothing came. */
export const DriftschedMetricsRow = z.strictObject({
  tenant_id: labelColumn("tenant"),
  job_type: labelColumn("job type that the client meant"),
  priority_tier: labelColumn("tier"),
  total_token_budget: countCell("length of the prompt and estimated length of the answer"),
  estimated_output_tokens: countCell("estimated length of the answer"),
  max_output_tokens: countCell("cap that was sent, tokens"),
  generated_tokens: countCell("length of the answer"),
  queue_enter_time: secondsCell("arrival"),
  worker_start_time: secondsCell("when its batch was handed over"),
  worker_finish_time: secondsCell("when its batch was done"),
  status: labelColumn("how it ended"),
});
type Row = z.output<typeof DriftschedMetricsRow>;

const COMPLETED = /^(?:completed?|succe(?:ss|eded)|ok|done)$/i;
const ENDS: Readonly<Record<string, UnservedStatus>> = {
  rejected: "rejected",
  cancelled: "cancelled",
  canceled: "cancelled",
  timeout: "cancelled",
};

/**
 * The `metrics.csv` that the reference system and our own runs write, as what arrived: the prompt's
 * length is the total token budget without the estimate. Lengths are taken for tokens; a run that
 * counted words has words there, which the file does not say. `readMetricsCsv` reads all columns.
 * Source: driftsched reference, "What a run writes".
 */
export const driftschedMetrics: TraceFormat = {
  name: "driftsched-metrics",
  title: "DriftSched metrics.csv",
  row: DriftschedMetricsRow,
  recognise: (head) =>
    hasColumns(head, ["queue_enter_time", "worker_start_time", "generated_tokens", "priority_tier"])
      ? "header with queue_enter_time, worker_start_time, generated_tokens and priority_tier"
      : undefined,
  reader(context) {
    const { log } = context;
    const served: Row[] = [];
    const unserved: Row[] = [];
    const csv = csvRowReader(DriftschedMetricsRow, {
      log,
      take(row) {
        const problem = problemOf(row);
        if (problem !== undefined) return problem;
        if (isServed(row)) {
          served.push(row);
          return;
        }
        unserved.push(row);
        return { setAside: `requests that ended as ${endOf(row)}` };
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end(): ReadTrace {
        csv.end();
        const ignored = log.columnsIgnored;
        const known = ignored.filter((name) => Object.hasOwn(METRICS_COLUMNS, name));
        ignored.splice(0, ignored.length, ...ignored.filter((name) => !known.includes(name)));
        log.assumptions.push(
          "lengths are tokens: the file does not say whether its run counted words",
          ...known.length > 0 ? [`columns that do not describe arrivals: ${known.join(", ")}`] : [],
        );
        return assembleTrace(context, {
          name: "DriftSched metrics",
          served: {
            ...columnsOf(served),
            outputTokens: Int32Array.from(served, (row) => Number(row.generated_tokens)),
          },
          measured: {
            sent: times(served, "worker_start_time"),
            finish: times(served, "worker_finish_time"),
          },
          unserved: {
            ...columnsOf(unserved),
            status: labels(unserved.map(endOf)),
            finish: times(unserved, "worker_finish_time"),
          },
          sinceFirst: true,
        });
      },
    };
  },
};

function problemOf(row: Row) {
  for (const field of COUNTS) {
    const value = row[field];
    if (Number(value) > LARGEST_COUNT) {
      return { field, value, expected: `an integer from 0 to ${LARGEST_COUNT}, or nothing` };
    }
  }
  for (const field of TIMES) {
    const value = row[field];
    if (Number(value) > LATEST_SECONDS) {
      return { field, value, expected: `at most ${LATEST_SECONDS}` };
    }
  }
  if (!isServed(row)) return undefined;
  if (row.queue_enter_time === "") {
    return { field: "queue_enter_time", value: "", expected: "when the request arrived" };
  }
  const { max_output_tokens: cap, generated_tokens: generated } = row;
  if (promptTokens(row) < 1) {
    const expected = `more than estimated_output_tokens, ${row.estimated_output_tokens}`;
    return { field: "total_token_budget", value: row.total_token_budget, expected };
  }
  if (Number(generated) > Number(cap)) {
    return { field: "generated_tokens", value: generated, expected: `at most the cap, ${cap}` };
  }
  const wrong = instantsOutOfOrder({
    arrival: secondsOf(row.queue_enter_time),
    sent: secondsOf(row.worker_start_time),
    finish: secondsOf(row.worker_finish_time),
  }, INSTANTS);
  return wrong && { ...wrong, value: row[wrong.field as (typeof TIMES)[number]] };
}

const INSTANTS = {
  arrival: "queue_enter_time",
  sent: "worker_start_time",
  finish: "worker_finish_time",
};

const secondsOf = (cell: string) => cell === "" ? NaN : Number(cell);

const COUNTS = [
  ...["total_token_budget", "estimated_output_tokens", "max_output_tokens"] as const,
  "generated_tokens",
] as const;
const TIMES = ["queue_enter_time", "worker_start_time", "worker_finish_time"] as const;

function isServed({ status, generated_tokens: generated }: Row): boolean {
  return COMPLETED.test(status) && Number(generated) > 0;
}

function endOf({ status }: Row): UnservedStatus {
  return ENDS[status.toLowerCase()] ?? "failed";
}

function promptTokens(row: Row): number {
  return Number(row.total_token_budget) - Number(row.estimated_output_tokens);
}

function columnsOf(rows: readonly Row[]) {
  return {
    arrival: times(rows, "queue_enter_time"),
    promptTokens: Int32Array.from(rows, (row) => Math.max(0, promptTokens(row))),
    maxTokens: Int32Array.from(rows, (row) => Number(row.max_output_tokens)),
    tenant: labels(rows.map((row) => row.tenant_id)),
    tier: orderNames(labels(rows.map((row) => row.priority_tier)), TIERS),
    category: labels(rows.map((row) => row.job_type)),
  };
}

function times(rows: readonly Row[], field: (typeof TIMES)[number]): Float64Array {
  return Float64Array.from(rows, (row) => secondsOf(row[field]));
}

function labels(names: readonly string[]) {
  const builder = new LabelBuilder();
  for (const name of names) builder.push(name);
  return builder.finish();
}
