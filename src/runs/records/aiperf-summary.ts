import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { factsOf, numbered } from "./facts-of.ts";
import { jsonResults } from "./json-results.ts";
import type { Fact, RecordFormat } from "./record.ts";

/** What both tools call the numbers that every run has at least one of. */
const METRICS = [
  ...["request_throughput", "request_latency", "request_count", "time_to_first_token"],
  ...["inter_token_latency", "output_token_throughput", "output_sequence_length"],
] as const;

/** A number summed up: its unit, and whichever statistics it has. */
const Metric = z.looseObject({ unit: z.string() });

function isMetric(value: unknown): value is z.output<typeof Metric> {
  return Metric.safeParse(value).success;
}

/** What is said of a run beside its numbers. */
const ABOUT = [
  "aiperf_version",
  "benchmark_id",
  "start_time",
  "end_time",
  "was_cancelled",
] as const;

/**
 * The summary that AIPerf writes beside its records (`profile_export_aiperf.json`), or genai-perf beside
 * its own (`profile_export_genai_perf.json`), which has the same shape: each number with its unit and
 * statistics.
 *
 * Source: ai-dynamo/aiperf, `src/aiperf/common/models/export_models.py`, `JsonExportData`, at 26240f9.
 */
export const aiPerfSummaryRecord: RecordFormat = {
  name: "aiperf-summary",
  title: "AIPerf's or genai-perf's summary of a run",
  instead: "read the requests, which the tool writes beside it: AIPerf's profile_export.jsonl, " +
    "genai-perf's profile_export.json",
  recognise({ json }) {
    if (typeof json !== "object" || json === null) return undefined;
    const found = METRICS.filter((name) => isMetric((json as Record<string, unknown>)[name]));
    return found.length > 0 ? `JSON object with ${found[0]} in a unit` : undefined;
  },
  describe(text, file) {
    return numbered(
      jsonResults(text, file, "a summary of AIPerf").map((result) => {
        const metrics: Record<string, Fact> = {};
        for (const [name, value] of Object.entries(result)) {
          if (!isMetric(value)) continue;
          metrics[name] = factsOf(statisticsOf(value, { file, field: name }));
        }
        if (Object.keys(metrics).length === 0) {
          const expected = "numbers with a unit, as AIPerf writes them";
          throw new InputError({ file, value: Object.keys(result).join(", "), expected });
        }
        const about = ABOUT.filter((name) => result[name] !== undefined);
        return {
          ...factsOf(Object.fromEntries(about.map((name) => [name, result[name]]))),
          metrics,
          ...Array.isArray(result.error_summary) &&
            { kinds_of_errors: result.error_summary.length },
        };
      }),
    );
  },
};

function statisticsOf(
  metric: z.output<typeof Metric>,
  { file, field }: { file: string; field: string },
): Readonly<Record<string, unknown>> {
  const { unit, ...statistics } = metric;
  const Statistics = z.record(z.string(), z.number().nullable());
  const checked = parseWith(z.object({ [field]: Statistics }), { [field]: statistics }, file);
  return { unit, ...checked[field] };
}
