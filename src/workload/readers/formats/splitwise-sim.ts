import * as z from "zod";
import { countColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasColumns } from "../parsing/head.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import { csvRowReader } from "../parsing/read-csv.ts";
import type { TraceFormat } from "../trace-format.ts";

/** A request. */
export const SplitwiseSimRow = z.strictObject({
  request_type: countColumn("2: one to a language model").optional(),
  application_id: countColumn("application that it is of").optional(),
  arrival_timestamp: secondsColumn("arrival since the start"),
  batch_size: countColumn("requests that the row stands for: 1", { min: 1 }).optional(),
  prompt_size: tokensColumn("length of the prompt"),
  token_size: tokensColumn("length of the answer"),
});

/** The type of requests to a language model; others are no prompts. */
const LANGUAGE_MODEL = 2;

/**
 * Traces that SplitwiseSim draws and plays: arrivals in seconds since the start, lengths sampled from
 * Azure's. The application is the tenant. Requests that go to no language model are set aside; a row
 * that stands for a batch of several is refused.
 *
 * Source: Mutinifni/splitwise-sim, `generate_trace.py`, at 3780880.
 */
export const splitwiseSim: TraceFormat = {
  name: "splitwise-sim",
  title: "SplitwiseSim",
  row: SplitwiseSimRow,
  recognise: (head) =>
    hasColumns(head, ["arrival_timestamp", "prompt_size", "token_size"])
      ? "header with arrival_timestamp, prompt_size and token_size"
      : undefined,
  reader(context) {
    const requests = new LoggedRequests(context, {
      name: "SplitwiseSim",
      names: NAMES,
      sinceFirst: false,
    });
    const csv = csvRowReader(SplitwiseSimRow, {
      log: context.log,
      take(row) {
        const { request_type: type = LANGUAGE_MODEL, batch_size: batch = 1 } = row;
        if (type !== LANGUAGE_MODEL) return { setAside: "requests that go to no language model" };
        if (batch !== 1) {
          const expected = "1: the lengths of the others in a batch are not in the file";
          return { field: "batch_size", value: batch, expected };
        }
        return requests.take({
          arrival: row.arrival_timestamp,
          promptTokens: row.prompt_size,
          outputTokens: row.token_size,
          ...row.application_id !== undefined && { tenant: String(row.application_id) },
        });
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        return requests.finish();
      },
    };
  },
};

const NAMES = {
  arrival: "arrival_timestamp",
  promptTokens: "prompt_size",
  outputTokens: "token_size",
};
