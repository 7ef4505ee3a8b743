import * as z from "zod";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder, LabelBuilder } from "../parsing/builders.ts";
import { countColumn, labelColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { CsvReader, positions } from "../parsing/csv-reader.ts";
import { hasColumns } from "../parsing/head.ts";
import type { TraceFormat } from "../trace-format.ts";

/**
 * Bound on prompts and answers when the arena trace was cut from its log: what is as long or longer
 * was left out. The longest answer that a request of the trace could have had.
 */
export const ARENA_MAX_TOKENS = 1024;

/** A row of the arena trace. Lengths are of Llama's tokenizer, its begin-of-text token included. */
export const ArenaTraceRow = z.strictObject({
  req_id: countColumn("number of the request, from 0 in order of arrival"),
  client: labelColumn("client that sent it; each stands for one model of the chat arena"),
  prompt_len: tokensColumn("length of the prompt"),
  output_len: tokensColumn("length of the answer", { max: ARENA_MAX_TOKENS }),
  req_time_s: secondsColumn("arrival since the start of the trace, non-decreasing"),
});

const AT = positions(ArenaTraceRow);

/**
 * The trace of 27 clients that Sheng et al. (OSDI 2024, "Fairness in Serving Large Language Models")
 * made from the log of the LMSYS chat arena: 600 s, 1,500 requests, real order and shape of arrivals,
 * subsampled and rescaled in time. Clients become tenants, in the order of their first request. All
 * rows get a cap of {@link ARENA_MAX_TOKENS}, and the report says so. There is no text, so no word
 * counts.
 *
 * Rows out of order of time are refused; a lenient reader sorts them in instead (stable) and says
 * so.
 */
export const arenaTrace: TraceFormat = {
  name: "vtc-arena-trace",
  title: "VTC arena trace",
  row: ArenaTraceRow,
  recognise: (head) =>
    hasColumns(head, Object.keys(ArenaTraceRow.shape))
      ? "header with req_id, client, prompt_len, output_len and req_time_s"
      : undefined,
  reader(context) {
    const { log, lenient } = context;
    const ids = new Set<number>();
    const arrival = new Float64Builder();
    const promptTokens = new Int32Builder();
    const outputTokens = new Int32Builder();
    const tenant = new LabelBuilder();
    let latest = 0;
    const csv = new CsvReader(ArenaTraceRow, {
      log,
      take(values) {
        const id = values[AT.req_id];
        const time = values[AT.req_time_s];
        if (ids.has(id)) {
          return { field: "req_id", value: id, expected: "an id that no earlier row has" };
        }
        if (time < latest && !lenient) {
          const expected = `a time not before that of an earlier row, ${latest}`;
          return { field: "req_time_s", value: time, expected };
        }
        latest = Math.max(latest, time);
        ids.add(id);
        arrival.push(time);
        promptTokens.push(values[AT.prompt_len]);
        outputTokens.push(values[AT.output_len]);
        tenant.pushCode(values[AT.client], csv.names(AT.client));
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        log.assumptions.push(
          `max_tokens ${ARENA_MAX_TOKENS} for every request: the limit at which the trace was cut`,
        );
        const requests = arrival.length;
        return assembleTrace(context, {
          name: "VTC arena trace",
          served: {
            arrival: arrival.finish(),
            promptTokens: promptTokens.finish(),
            outputTokens: outputTokens.finish(),
            tenant: tenant.finish(),
            maxTokens: new Int32Array(requests).fill(ARENA_MAX_TOKENS),
          },
        });
      },
    };
  },
};
