import * as z from "zod";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { checkRow } from "../parsing/check-row.ts";
import { INT32_MAX, optionalLabelColumn, tokensColumn } from "../parsing/columns.ts";
import { hasKeys, type Head } from "../parsing/head.ts";
import { jsonRowsReader } from "../parsing/json-rows-reader.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import type { ReadContext, TraceFormat, TraceReader } from "../trace-format.ts";

const Message = z.looseObject({ content: z.unknown().optional() });

/** A request of those that are sent at one time. */
export const AiBrixRow = z.looseObject({
  prompt: z.union([z.string(), z.array(Message)]).nullish()
    .meta({ description: "text of the prompt, or messages" }),
  prompt_length: tokensColumn("length of the prompt's own text").nullish(),
  output_length: tokensColumn("length of the answer").nullish(),
  session_id: z.union([z.number(), optionalLabelColumn("name of a session")]).nullish()
    .meta({ description: "session whose turn it is" }),
  model: optionalLabelColumn("model that is asked").nullish(),
});
type AiBrixRow = z.output<typeof AiBrixRow>;

const Step = z.looseObject({
  timestamp: z.number().min(0).max(1e15)
    .meta({ description: "since the start", unit: "milliseconds" }),
  requests: z.array(z.unknown()),
});

/** What the prompts of sessions hold. */
export const AiBrixOptions = ArrivalOptions.extend({
  /**
   * Whether the earlier prompts and answers of its session stand before a prompt, as AIBrix's client
   * sends them; the file's lengths are of the turns alone.
   */
  history: z.boolean().default(false),
});
export type AiBrixOptions = z.output<typeof AiBrixOptions>;

/**
 * Workloads that AIBrix's generator writes, `workload.jsonl` or `.json`: each line has a time in
 * milliseconds and the requests that are sent then. A prompt without a length is counted by the token
 * counter. An answer's length may be missing, and then the request is refused: the generator had none.
 *
 * Source: vllm-project/aibrix, `benchmarks/generator/workload_generator/README.md`, at 1521023,
 * `sample_request.py` beside it, at 0be17e6, and `benchmarks/client/utils.py`, at 2734c70.
 */
export const aiBrix: TraceFormat<AiBrixOptions> = {
  name: "aibrix",
  title: "AIBrix's workloads",
  row: AiBrixRow,
  options: AiBrixOptions,
  recognise: (head) =>
    hasKeys(head, ["timestamp", "requests"]) && Array.isArray(requestsOf(head))
      ? "JSON with a timestamp and a list of requests"
      : undefined,
  countsTokens: (head) => hasUncounted(head),
  reader: (context) => workloadReader(context),
};

function requestsOf({ json }: Head): unknown {
  return (json as { readonly requests?: unknown }).requests;
}

function hasUncounted(head: Head): boolean {
  return /"prompt_length"\s*:\s*null/.test(head.text) || !/"prompt_length"\s*:/.test(head.text);
}

const NAMES = {
  arrival: "timestamp",
  promptTokens: "prompt_length",
  outputTokens: "output_length",
};

function workloadReader(context: ReadContext<AiBrixOptions>): TraceReader {
  const { log, options, tokenCounter } = context;
  const requests = new LoggedRequests(context, {
    name: "AIBrix workload",
    names: NAMES,
    sinceFirst: false,
  });
  /** Tokens of a session so far. */
  const histories = new Map<string, number>();
  let counted = 0;
  let turns = 0;

  const take = (row: AiBrixRow, arrival: number) => {
    const text = textOf(row.prompt);
    let promptTokens = row.prompt_length ?? NaN;
    if (Number.isNaN(promptTokens) && tokenCounter !== undefined && text !== undefined) {
      promptTokens = tokenCounter.count(text);
      counted++;
    }
    const outputTokens = row.output_length ?? undefined;
    if (outputTokens === undefined) {
      const expected = "tokens of the answer: give the generator prompts with completions";
      return { field: "output_length", value: row.output_length, expected };
    }
    const session = row.session_id === null || row.session_id === undefined || row.session_id === ""
      ? undefined
      : String(row.session_id);
    const before = session === undefined ? 0 : histories.get(session) ?? 0;
    if (session !== undefined) {
      turns++;
      histories.set(session, before + promptTokens + outputTokens);
    }
    return requests.take({
      arrival: arrival / 1000,
      promptTokens: options.history ? Math.min(before + promptTokens, INT32_MAX) : promptTokens,
      outputTokens,
      ...session !== undefined && { session },
      ...row.model && { model: row.model },
      ...text !== undefined && !options.history && { promptText: text },
    });
  };

  return jsonRowsReader({
    log,
    read(json, row) {
      const step = checkRow(Step, json, { file: log.source, row });
      if (!("data" in step)) return log.refuse(step);
      step.data.requests.forEach((request, at) => {
        const path = `requests.${at}`;
        const checked = checkRow(AiBrixRow, request, { file: log.source, row, path });
        if (!("data" in checked)) return log.refuse(checked);
        const verdict = take(checked.data, step.data.timestamp);
        if (verdict && typeof verdict === "object" && "expected" in verdict) {
          log.verdict(row, { ...verdict, field: `${path}.${verdict.field}` });
        } else log.verdict(row, verdict);
      });
    },
    end() {
      if (counted > 0) {
        log.assumptions.push(`prompts of ${counted} requests counted with ${tokenCounter!.name}`);
      }
      if (turns > 0) {
        log.assumptions.push(
          options.history
            ? "prompts of sessions hold the earlier turns, as the option history says"
            : "prompts of sessions are the turns alone; AIBrix's client sends the earlier ones before " +
              "them: the option history adds these",
          "output_length is in tokens; AIBrix's generator wrote characters for data sets of sessions",
        );
      }
      return requests.finish();
    },
  });
}

/** The text of a prompt; of messages their contents, a line each. */
function textOf(prompt: AiBrixRow["prompt"]): string | undefined {
  if (prompt === null || prompt === undefined || typeof prompt === "string") {
    return prompt ?? undefined;
  }
  const contents = prompt.map(({ content }) => content);
  return contents.every((each) => typeof each === "string") ? contents.join("\n") : undefined;
}
