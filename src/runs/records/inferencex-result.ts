import { InputError } from "../../errors/input-error.ts";
import { hasKeys } from "../../workload/readers/parsing/head.ts";
import { factOf, numbered } from "./facts-of.ts";
import { jsonResults } from "./json-results.ts";
import type { Fact, RecordFormat } from "./record.ts";

/** A latency in seconds, or interactivity: tokens a second that one user gets. */
const STATISTIC = /^(mean|median|std|p[\d.]+)_(ttft|tpot|itl|e2el|intvty)$/;

/**
 * A result of InferenceMAX, now InferenceX (`agg_….json`, and the list of all of them): rates per GPU and
 * latencies of one configuration of a server, in seconds, made of a result of `bench serve`.
 *
 * Source: SemiAnalysisAI/InferenceX, `utils/process_result.py`, at 00e51cc.
 */
export const inferenceXRecord: RecordFormat = {
  name: "inferencex-result",
  title: "a result of InferenceMAX or InferenceX",
  instead: "it sums up a configuration: save the benchmark's own result with --save-result " +
    "--save-detailed",
  recognise: (head) =>
    hasKeys(head, ["tput_per_gpu"]) && (hasKeys(head, ["hw"]) || hasKeys(head, ["conc"]))
      ? "JSON with tput_per_gpu and hw or conc"
      : undefined,
  describe: (text, file) =>
    numbered(
      jsonResults(text, file, "a result of InferenceX").map((result) => {
        if (typeof result.tput_per_gpu !== "number") {
          const expected = "tokens a second";
          throw new InputError({
            file,
            field: "tput_per_gpu",
            value: result.tput_per_gpu,
            expected,
          });
        }
        const facts: Record<string, Fact> = {};
        const latencies: Record<string, Record<string, Fact>> = {};
        const interactivity: Record<string, Fact> = {};
        for (const [name, value] of Object.entries(result)) {
          const [, statistic, latency] = STATISTIC.exec(name) ?? [];
          if (statistic === undefined) facts[name] = factOf(value);
          else if (latency === "intvty") interactivity[statistic] = factOf(value);
          else (latencies[latency] ??= {})[statistic] = factOf(value);
        }
        return {
          ...facts,
          latencies_s: latencies,
          ...Object.keys(interactivity).length > 0 && {
            interactivity_tokens_per_s: interactivity,
          },
        };
      }),
    ),
};
