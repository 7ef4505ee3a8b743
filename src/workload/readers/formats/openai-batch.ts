import * as z from "zod";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { countColumn, labelColumn, tokensColumn } from "../parsing/columns.ts";
import { hasKeys, type Head } from "../parsing/head.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import { readRequestBody } from "../parsing/request-body.ts";
import type { RowVerdict } from "../parsing/row-verdict.ts";
import { TextLengths } from "../parsing/text-lengths.ts";
import type { TraceFormat } from "../trace-format.ts";

/** A line of a batch, as it is sent or as its results come back. */
export const OpenAiBatchRow = z.looseObject({
  custom_id: labelColumn("name of the request"),
  method: z.string().max(16).meta({ description: "POST" }).optional(),
  url: z.string().max(4096).meta({ description: "endpoint" }).optional(),
  body: z.looseObject({}).meta({ description: "the request: messages, prompt or input" })
    .optional(),
  response: z.looseObject({
    status_code: countColumn("HTTP status").nullish(),
    body: z.looseObject({
      model: z.string().max(256).meta({ description: "model that answered" }).nullish(),
      usage: z.looseObject({
        prompt_tokens: tokensColumn("length of the prompt", { min: 0 }).nullish(),
        completion_tokens: tokensColumn("length of the answer", { min: 0 }).nullish(),
        input_tokens: tokensColumn("length of the prompt", { min: 0 }).nullish(),
        output_tokens: tokensColumn("length of the answer", { min: 0 }).nullish(),
      }).nullish(),
    }).nullish(),
  }).nullish(),
  error: z.unknown().meta({ description: "what went wrong; null: nothing" }).optional(),
});

/** What a batch leaves open. */
export const OpenAiBatchOptions = ArrivalOptions.extend({
  /**
   * Lines to be sent hold no answers. `cap` takes an answer to be as long as its cap (`max_tokens`);
   * `refuse` refuses the file.
   */
  output: z.enum(["refuse", "cap"]).default("refuse"),
});
export type OpenAiBatchOptions = z.output<typeof OpenAiBatchOptions>;

/**
 * OpenAI's batches, in JSON lines. Results (`response.body.usage`) say how long prompts and answers
 * were. Lines to be sent hold texts: prompts are counted by a tokenizer, message by message, and
 * nothing says how long an answer will be, see the option `output`. A batch has no times: arrivals are
 * assumed, see {@link ArrivalOptions}. Requests that failed are among the trace's `unserved`.
 *
 * Source: OpenAI's API reference, "Batch" (request input object, request output object).
 */
export const openAiBatch: TraceFormat<OpenAiBatchOptions> = {
  name: "openai-batch",
  title: "OpenAI batch, input or output",
  row: OpenAiBatchRow,
  options: OpenAiBatchOptions,
  recognise(head) {
    if (isInput(head)) return "JSON lines with custom_id, method, url and body";
    return hasKeys(head, ["custom_id", "response", "error"])
      ? "JSON lines with custom_id, response and error"
      : undefined;
  },
  countsTokens: isInput,
  reader(context) {
    const { log, options } = context;
    const texts = new TextLengths(context);
    let others = 0;
    const requests = new LoggedRequests(context, { name: "OpenAI batch", names: NAMES });
    return jsonLinesReader({
      log,
      schema: OpenAiBatchRow,
      take: ({ custom_id, body, response, error }): RowVerdict => {
        const extra = { custom_id };
        if (body !== undefined) return requests.take(sent(body));
        const { status_code: status = 200, body: answer } = response ?? {};
        const { prompt_tokens, completion_tokens, input_tokens, output_tokens } = answer?.usage ??
          {};
        const failed = error !== null && error !== undefined || !response || (status ?? 200) >= 400;
        return requests.take({
          promptTokens: prompt_tokens ?? input_tokens ?? undefined,
          outputTokens: completion_tokens ?? output_tokens ?? undefined,
          ...typeof answer?.model === "string" && { model: answer.model },
          ...failed && { status: "failed" as const },
          extra,
        });

        function sent(json: unknown) {
          const { model, maxTokens, messages, tokenIds, otherParts } = readRequestBody(json);
          const prompt = messages.length > 0 ? texts.prompt(messages) : { promptTokens: tokenIds };
          if (otherParts > 0) others += otherParts;
          return {
            ...{ ...prompt, extra },
            ...model !== undefined && { model },
            ...maxTokens !== undefined && { maxTokens },
            outputTokens: options.output === "cap" ? maxTokens : undefined,
          };
        }
      },
      end() {
        if (others > 0) {
          log.assumptions.push(`${others} parts of prompts that are no text are not counted`);
        }
        return requests.finish();
      },
    });
  },
};

const NAMES = {
  promptTokens: "the prompt's length",
  outputTokens:
    "the answer's length (lines to be sent have none; --option output=cap takes max_tokens)",
};

function isInput(head: Head): boolean {
  return hasKeys(head, ["custom_id", "method", "url", "body"]);
}
