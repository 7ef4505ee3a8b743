import type { Server } from "../servers/server.ts";
import type { ReadTrace } from "../workload/readers/trace-format.ts";
import type { Workload } from "../workload/workload.ts";

/** What a simulation of this log cannot know, in sentences. */
export function limitsOf(
  { unserved, measured, report }: ReadTrace,
  { requests, truth }: Workload,
  { server: { config }, blockSeconds, straight }: {
    readonly server: Server;
    /** Seconds of the blocks in which the log is resampled; 0: request by request. */
    readonly blockSeconds: number;
    /** Whether as it was sends every request at once. */
    readonly straight: boolean;
  },
): string[] {
  const gone = unserved?.requests.size ?? 0;
  const waited = measured?.sent?.some((at, row) => at - requests.arrival[row] > 0.1) ?? false;
  const tooLong = requests.promptTokens.reduce(
    (sum, tokens, row) => sum + Number(tokens + truth.outputTokens[row] > config.max_model_len),
    0,
  );
  return [
    "Requests arrive when they arrived. Clients who wait for an answer before they ask again would " +
    "have come sooner or later.",
    gone > 0
      ? `${gone} requests of the log got no answer (failed, rejected or given up). They are not ` +
        "simulated, because nobody knows their lengths: the load was higher than it is here."
      : "Nobody gives up, however long it takes, and nobody tries again.",
    ...waited && straight
      ? [
        "Some requests waited at the client before they were sent. As it was sends them at once, unless " +
        "it is told of the client's window (--was in-flight:N).",
      ]
      : [],
    ...config.enable_prefix_caching && requests.promptBlocks === undefined
      ? ["The log does not say which prompts begin alike, so the prefix cache finds nothing here."]
      : [],
    ...tooLong > 0
      ? [
        `${tooLong} requests are longer than the server's context of ${config.max_model_len} tokens.`,
      ]
      : [],
    ...report.assumptions.some((each) => each.startsWith("max_tokens"))
      ? ["The log does not say what caps (max_tokens) clients sent, so no estimate can use them."]
      : [],
    ...new Set(requests.category.codes).size < 2
      ? [
        "All requests are of one category, so an estimate knows the prompt's length and nothing else: " +
        "SJF goes by that.",
      ]
      : [],
    ...blockSeconds > 0
      ? [
        `Intervals know this stretch of traffic alone, in blocks of ${+blockSeconds.toPrecision(
          3,
        )} s. ` +
        "What lasts longer, such as a backlog that grows from start to end, is shuffled in them.",
      ]
      : [],
    "Several servers share one day: they are equally fast, and slow down together.",
  ];
}
