import { hasKeys } from "../../workload/readers/parsing/head.ts";
import { factsOf, numbered } from "./facts-of.ts";
import { jsonResults } from "./json-results.ts";
import type { RecordFormat } from "./record.ts";

/**
 * The summary that inference-perf writes of a run or of a stage of it
 * (`summary_lifecycle_metrics.json`, `stage_0_lifecycle_metrics.json`): what was sent, and statistics of
 * what succeeded and what failed. Seconds.
 *
 * Source: kubernetes-sigs/inference-perf, `inference_perf/reportgen/base.py`.
 */
export const inferencePerfSummaryRecord: RecordFormat = {
  name: "inference-perf-summary",
  title: "inference-perf's summary of a run or a stage",
  instead:
    "ask for the requests in the settings (report: request_lifecycle: per_request: true) and " +
    "read per_request_lifecycle_metrics.json",
  recognise: (head) =>
    hasKeys(head, ["load_summary", "successes"])
      ? "JSON object with load_summary and successes"
      : undefined,
  describe: (text, file) =>
    numbered(jsonResults(text, file, "a summary of inference-perf").map((each) => factsOf(each))),
};
