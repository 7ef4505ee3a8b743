import { InputError } from "../../errors/input-error.ts";
import { hasKeys } from "../../workload/readers/parsing/head.ts";
import { factOf, numbered } from "./facts-of.ts";
import { jsonResults } from "./json-results.ts";
import type { Fact, RecordFormat } from "./record.ts";

const STATISTIC = /^results_(.+?)_(?:quantiles_)?(p\d+|mean|min|max|stddev)$/;

/**
 * The summary that llmperf writes (`…_summary.json`): one flat object, whose `results_…` are quantiles
 * and moments of latencies in seconds and of lengths in tokens.
 *
 * Source: ray-project/llmperf, `token_benchmark_ray.py`, at 004d3af.
 */
export const llmPerfSummaryRecord: RecordFormat = {
  name: "llmperf-summary",
  title: "llmperf's summary of a run",
  instead: "read the file beside it whose name ends in _individual_responses.json",
  recognise: (head) =>
    hasKeys(head, ["num_concurrent_requests"]) && /"results_\w+"\s*:/.test(head.text)
      ? "JSON object with num_concurrent_requests and results_…"
      : undefined,
  describe: (text, file) =>
    numbered(
      jsonResults(text, file, "a summary of llmperf").map((result) => {
        const facts: Record<string, Fact> = {};
        const results: Record<string, Record<string, Fact>> = {};
        for (const [name, value] of Object.entries(result)) {
          const [, of, statistic] = STATISTIC.exec(name) ?? [];
          if (of === undefined) facts[name.replace(/^results_/, "")] = factOf(value);
          else if (typeof value === "number" || value === null) {
            (results[of] ??= {})[statistic] = value;
          } else {
            throw new InputError({ file, field: name, value, expected: "a number" });
          }
        }
        return { ...facts, results };
      }),
    ),
};
