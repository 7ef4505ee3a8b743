import { z } from "zod";
import type { Workload } from "../workload.ts";
import { countColumn, labelColumn, secondsColumn, tokensColumn } from "./columns.ts";
import { constantLabel } from "./constant-label.ts";
import { LabelDictionary } from "./label-dictionary.ts";
import { readCsv } from "./read-csv.ts";
import { ReadLog } from "./read-log.ts";
import type { ReadOptions } from "./read-options.ts";
import type { ReadReport } from "./read-report.ts";

/** Name of the format. */
export const ARENA_TRACE = "vtc-arena-trace";

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

/** A workload that was read, and what became of the file's rows. */
export interface ReadWorkload {
  readonly workload: Workload;
  readonly report: ReadReport;
}

/**
 * Reads the trace of 27 clients that Sheng et al. (OSDI 2024, "Fairness in Serving Large Language
 * Models") made from the log of the LMSYS chat arena: 600 s, 1,500 requests, real order and shape
 * of arrivals, subsampled and rescaled in time. Clients become tenants, in the order of their first
 * request. The file has no tier, category or `max_tokens`: all rows get tier `default`, category
 * `default` and a cap of {@link ARENA_MAX_TOKENS}, and the report says so. There is no text, so no
 * word counts.
 *
 * Rows out of order of time are refused; a lenient reader sorts them in instead (stable) and says
 * so. Throws an InputError (see {@link ReadOptions}).
 *
 * @param input the CSV file
 * @param source its path or name, for errors and provenance
 */
export function readArenaTrace(
  input: Uint8Array | string,
  source: string,
  options: ReadOptions = {},
): ReadWorkload {
  const log = new ReadLog(source, ARENA_TRACE);
  const ids = new Set<number>();
  const arrival: number[] = [];
  const promptTokens: number[] = [];
  const outputTokens: number[] = [];
  const clients: string[] = [];
  let latest = 0;
  let unordered = 0;
  readCsv(input, ArenaTraceRow, {
    log,
    take(row) {
      if (ids.has(row.req_id)) {
        return { field: "req_id", value: row.req_id, expected: "an id that no row before has" };
      }
      if (row.req_time_s < latest) {
        if (!options.lenient) {
          const expected = `a time not before that of an earlier row, ${latest}`;
          return { field: "req_time_s", value: row.req_time_s, expected };
        }
        unordered++;
      }
      latest = Math.max(latest, row.req_time_s);
      ids.add(row.req_id);
      arrival.push(row.req_time_s);
      promptTokens.push(row.prompt_len);
      outputTokens.push(row.output_len);
      clients.push(row.client);
    },
  });
  if (unordered > 0) {
    log.assumptions.push(`${unordered} rows out of order of time: all rows sorted by it, stably`);
  }
  log.assumptions.push(
    `max_tokens ${ARENA_MAX_TOKENS} for every request: the bound below which the trace was cut`,
    "one tier and one category, both named default: the file has none",
  );
  const report = log.finish(options);

  const size = arrival.length;
  const order = Int32Array.from(arrival.keys());
  if (unordered > 0) order.sort((a, b) => arrival[a] - arrival[b] || a - b);
  const tenant = new LabelDictionary();
  for (const row of order) tenant.add(clients[row]);
  return {
    workload: {
      name: "VTC arena trace",
      requests: {
        size,
        arrival: Float64Array.from(order, (row) => arrival[row]),
        phases: [{ name: "trace", first: 0, afterDrainSeconds: 0 }],
        tenant: tenant.labels(),
        tier: constantLabel(size),
        category: constantLabel(size),
        maxTokens: new Int32Array(size).fill(ARENA_MAX_TOKENS),
        promptTokens: Int32Array.from(order, (row) => promptTokens[row]),
      },
      truth: { outputTokens: Int32Array.from(order, (row) => outputTokens[row]) },
      provenance: {
        source: `${ARENA_TRACE} ${source}`,
        steps: [`read ${report.rowsKept} of ${report.rowsRead} rows`, ...report.assumptions],
      },
    },
    report,
  };
}
