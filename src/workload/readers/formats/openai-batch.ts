import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
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
    /** What is not counted, and in how many lines. */
    const uncounted = new Map<string, number>();
    const leaveOut = (what: string, lines = 1) =>
      uncounted.set(what, (uncounted.get(what) ?? 0) + lines);
    let capped = 0;
    const requests = new LoggedRequests(context, { name: "OpenAI batch", names: NAMES });
    const sent = ({ custom_id, body = {} }: Row, row: number): RowVerdict => {
      const several = [body.prompt, body.input].find(isSeveral);
      if (several !== undefined) {
        const expected = "one prompt a line: a list of texts or of lists of tokens is several";
        return { field: "body.prompt", value: several.length, expected };
      }
      const { model, maxTokens, messages, tokenIds, otherParts } = readRequestBody(body);
      if (messages.length === 0 && tokenIds === undefined) {
        return { field: "body", expected: "messages, a prompt or an input" };
      }
      if (options.output === "refuse") {
        throw new InputError({
          ...{ file: log.source, row, field: "body" },
          expected:
            "lengths of answers, which lines to be sent do not have: max_tokens is a cap. " +
            "The batch's results have them; --option output=cap takes each cap for a length",
        });
      }
      if (maxTokens === undefined || maxTokens < 1) {
        const expected =
          "a cap of at least 1, which --option output=cap takes for the answer's length";
        return {
          ...{ field: "body.max_completion_tokens", expected },
          ...maxTokens !== undefined && { value: maxTokens },
        };
      }
      capped++;
      if (otherParts > 0) leaveOut("parts of prompts that are no text", otherParts);
      if (Array.isArray(body.tools) && body.tools.length > 0) leaveOut("tools of requests");
      if (typeof body.n === "number" && body.n > 1) leaveOut("further answers (n)", body.n - 1);
      return requests.take({
        ...messages.length > 0 ? texts.prompt(messages) : { promptTokens: tokenIds },
        ...{ outputTokens: maxTokens, maxTokens, extra: { custom_id } },
        ...model !== undefined && { model },
      });
    };
    const answered = ({ custom_id, response, error }: Row): RowVerdict => {
      const { status_code: status, body: answer } = response ?? {};
      const { prompt_tokens, completion_tokens, input_tokens, output_tokens } = answer?.usage ?? {};
      const failed = (error ?? null) !== null || !response || (status ?? 200) >= 400;
      const outputTokens = completion_tokens ?? output_tokens ?? undefined;
      if (!failed && outputTokens === undefined && Array.isArray(answer?.data)) return NO_TEXT;
      return requests.take({
        promptTokens: prompt_tokens ?? input_tokens ?? undefined,
        outputTokens,
        ...typeof answer?.model === "string" && { model: answer.model },
        ...failed && { status: "failed" as const },
        extra: { custom_id },
      });
    };
    return jsonLinesReader({
      log,
      schema: OpenAiBatchRow,
      take: (row, place): RowVerdict => {
        if (row.body === undefined) return answered(row);
        return WITHOUT_TEXT.test(row.url ?? "") ? NO_TEXT : sent(row, place);
      },
      end() {
        if (capped > 0) {
          log.assumptions.push(
            "every answer is as long as its cap, which is the most that it can be: the file has no answers",
          );
        }
        for (const [what, count] of uncounted) {
          log.assumptions.push(`not counted: ${count} ${what}`);
        }
        return requests.finish();
      },
    });
  },
};

type Row = z.output<typeof OpenAiBatchRow>;

const NAMES = {
  promptTokens: "response.body.usage.prompt_tokens",
  outputTokens: "response.body.usage.completion_tokens",
};
/** Endpoints whose answers are no text. */
const WITHOUT_TEXT = /\/(?:embeddings|moderations)\/?$/;
const NO_TEXT = { setAside: "requests whose answers are no text (embeddings, moderations)" };

/** Whether a prompt is several: more than one text, or lists of tokens; a list of messages is one. */
function isSeveral(prompt: unknown): prompt is readonly unknown[] {
  return Array.isArray(prompt) && prompt.length > 0 &&
    (prompt.every((each) => Array.isArray(each)) ||
      prompt.length > 1 && prompt.every((each) => typeof each === "string"));
}

function isInput(head: Head): boolean {
  return hasKeys(head, ["custom_id", "method", "url", "body"]);
}
