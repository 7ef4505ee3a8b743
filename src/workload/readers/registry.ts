import { InputError } from "../../errors/input-error.ts";
import { aiPerf } from "./formats/aiperf.ts";
import { arenaMeasured } from "./formats/arena-measured.ts";
import { arenaTrace } from "./formats/arena-trace.ts";
import { azureResaved } from "./formats/azure-resaved.ts";
import { azure } from "./formats/azure.ts";
import { burstGpt } from "./formats/burstgpt.ts";
import { l4Log } from "./formats/l4-log.ts";
import { blisTrace } from "./formats/blis-trace.ts";
import { envoyAiGateway } from "./formats/envoy-ai-gateway.ts";
import { driftschedWorkload } from "./formats/driftsched-workload.ts";
import { openAiBatch } from "./formats/openai-batch.ts";
import { shareGpt } from "./formats/sharegpt.ts";
import { weka } from "./formats/weka.ts";
import { guideLlm } from "./formats/guidellm.ts";
import { liveRequests } from "./formats/live-requests.ts";
import { lengthTable } from "./formats/lengths.ts";
import { liteLlm } from "./formats/litellm.ts";
import { aiBrix } from "./formats/aibrix.ts";
import { genaiBench } from "./formats/genai-bench.ts";
import { genaiPerf } from "./formats/genai-perf.ts";
import { splitwiseSim } from "./formats/splitwise-sim.ts";
import { inferencePerf } from "./formats/inference-perf.ts";
import { llmPerf } from "./formats/llmperf.ts";
import { multiRoundQa } from "./formats/multi-round-qa.ts";
import { mapped } from "./formats/mapped.ts";
import { mooncake } from "./formats/mooncake.ts";
import { nginxJson } from "./formats/nginx-json.ts";
import { otelGenAi } from "./formats/otel-genai.ts";
import { qwenBailian } from "./formats/qwen-bailian.ts";
import { ragPulse } from "./formats/ragpulse.ts";
import { timedTrace } from "./formats/timed-trace.ts";
import { vllmBench } from "./formats/vllm-bench.ts";
import { vidur } from "./formats/vidur.ts";
import { recordedChat } from "./formats/recorded-chat.ts";
import { recordedRequests } from "./formats/recorded-requests.ts";
import { serveGen } from "./formats/servegen.ts";
import type { TraceFormat } from "./trace-format.ts";

/**
 * Every format that can be read, in the order in which they are listed for people.
 *
 * **A new one is one file beside this and one line here.** The file exports a {@link TraceFormat}:
 *
 * - `recognise(head)` says from the content why a file is of it; see {@link Head} for what it can
 *   look at. `readTrace` tries all, prints the reason, and refuses a file that several claim.
 * - `reader(context)` makes a {@link TraceReader}, to which bytes are pushed as they come, plain
 *   whatever they were packed in. Three helpers make one: `CsvReader` (bytes to numbers, rows to a
 *   `take` function), `jsonLinesReader` (a zod schema a line) and `wholeReader` (all of the text at
 *   once, for JSON and YAML documents).
 * - Rows go to the `ReadLog` of the context: `keep()`, `refuse(problems)` or `setAside(reason)` for
 *   each, `blankLines`, `columnsIgnored`, and `assumptions` for whatever the file does not say. The
 *   row number of a problem is its line, the first being 1.
 * - At the end the columns (grown with the builders of `builders.ts`) go to
 *   `assembleTrace`, which sorts by time where needed, fills in what is missing, says so, and lets
 *   the log throw where the reader is strict.
 * - Times that were measured are columns of `measured`, requests without an answer `unserved`:
 *   `measuredRun` in `runs/` makes a `Run` of them. Nothing of an answer goes into `Requests`.
 */
export const FORMATS: readonly TraceFormat[] = [
  burstGpt,
  azure,
  azureResaved,
  arenaTrace,
  arenaMeasured,
  mooncake,
  serveGen,
  l4Log,
  recordedRequests,
  recordedChat,
  liveRequests,
  ragPulse,
  qwenBailian,
  timedTrace,
  blisTrace,
  vllmBench,
  guideLlm,
  aiPerf,
  llmPerf,
  inferencePerf,
  multiRoundQa,
  genaiPerf,
  genaiBench,
  splitwiseSim,
  aiBrix,
  driftschedWorkload,
  vidur,
  lengthTable,
  weka,
  openAiBatch,
  shareGpt,
  otelGenAi,
  liteLlm,
  envoyAiGateway,
  nginxJson,
  mapped,
];

/** The format called `name`; an InputError lists the known names. */
export function formatNamed(
  name: string,
  formats: readonly TraceFormat[] = FORMATS,
): TraceFormat {
  const format = formats.find((each) => each.name === name);
  if (format !== undefined) return format;
  throw new InputError({
    file: "options",
    field: "format",
    value: name,
    expected: `one of ${formats.map((each) => each.name).join(", ")}`,
  });
}
