import * as z from "zod";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder, LabelBuilder } from "../parsing/builders.ts";
import {
  enumColumn,
  labelColumn,
  optionalLabelColumn,
  orBlank,
  secondsColumn,
  tokensColumn,
} from "../parsing/columns.ts";
import { CsvReader, positions } from "../parsing/csv-reader.ts";
import { hasColumns } from "../parsing/head.ts";
import type { ReadLog } from "../read-log.ts";
import type { ReadContext, ReadTrace, TraceFormat, TraceReader } from "../trace-format.ts";

const fromZero = { min: 0 };

/**
 * A row of BurstGPT. Version 2 has the two optional columns, in the middle of the others; they are
 * found by name.
 */
export const BurstGptRow = z.strictObject({
  "Timestamp": orBlank(
    secondsColumn("submission, since midnight of the first day of the whole log"),
  ),
  "Session ID": optionalLabelColumn("conversation; empty on API rows").optional(),
  "Elapsed time": secondsColumn("submission to last token, whole seconds").optional(),
  "Model": labelColumn("model that was asked"),
  "Request tokens": tokensColumn("length of the prompt; 0 in failed rows", fromZero),
  "Response tokens": tokensColumn("length of the answer; 0: the request failed", fromZero),
  "Total tokens": tokensColumn("prompt and answer", fromZero),
  "Log Type": enumColumn("where the request came from", ["Conversation log", "API log"]),
});

const AT = positions(BurstGptRow);
const FAILED = { setAside: "failed requests (no response tokens)" };

/**
 * BurstGPT (Wang et al., KDD 2025), version 1 or 2. The log type becomes the category, models and
 * sessions are kept. A failed request has no response tokens, and no prompt length either: it is
 * counted as set aside and is among the trace's `unserved`. Version 2 says after how many whole
 * seconds the answer was there: on Azure OpenAI's servers, so never compare it with another GPU.
 *
 * A row whose total is not the sum of its parts is refused. Rows are sorted by time where they are
 * not in order.
 */
export const burstGpt: TraceFormat = {
  name: "burstgpt",
  title: "BurstGPT, version 1 or 2",
  row: BurstGptRow,
  recognise(head) {
    if (!hasColumns(head, ["Timestamp", "Request tokens", "Response tokens"])) return undefined;
    const version = head.header.includes("Session ID") ? 2 : 1;
    return `header with Timestamp, Request tokens and Response tokens (BurstGPT version ${version})`;
  },
  reader: (context) => new BurstGptReader(context),
};

/** Options of {@link BurstGptReader} for tests and measurements. */
export interface BurstGptReaderOptions {
  /** See `CsvOptions`. */
  readonly careful?: boolean;
}

/** Reads BurstGPT; see {@link burstGpt}. */
export class BurstGptReader implements TraceReader {
  readonly #context: Pick<ReadContext, "log" | "lenient">;
  readonly #csv: CsvReader;
  readonly #served = new Rows();
  readonly #failed = new Rows();
  readonly #outputTokens = new Int32Builder();

  constructor(
    context: { readonly log: ReadLog; readonly lenient: boolean },
    { careful }: BurstGptReaderOptions = {},
  ) {
    this.#context = context;
    this.#csv = new CsvReader(BurstGptRow, {
      log: context.log,
      careful,
      take: (values) => this.#take(values),
    });
  }

  push(bytes: Uint8Array): void {
    this.#csv.push(bytes);
  }

  #take(values: Float64Array) {
    const prompt = values[AT["Request tokens"]];
    const output = values[AT["Response tokens"]];
    const total = values[AT["Total tokens"]];
    if (total !== prompt + output) {
      const expected = `the sum of request and response tokens, ${prompt + output}`;
      return { field: "Total tokens", value: total, expected };
    }
    if (output === 0) {
      this.#failed.push(values, this.#csv);
      return FAILED;
    }
    if (Number.isNaN(values[AT.Timestamp])) {
      const expected = "a time in a row with an answer; the cell is empty or says none";
      return { field: "Timestamp", expected };
    }
    if (prompt === 0) {
      const expected = "at least 1 in a row with an answer";
      return { field: "Request tokens", value: prompt, expected };
    }
    this.#served.push(values, this.#csv);
    this.#outputTokens.push(output);
  }

  end(): ReadTrace {
    this.#csv.end();
    const { finish, ...served } = this.#served.finish();
    const { finish: ended, ...failed } = this.#failed.finish();
    return assembleTrace(this.#context, {
      name: "BurstGPT",
      served: { ...served, outputTokens: this.#outputTokens.finish() },
      ...finish && { measured: { finish } },
      unserved: { ...failed, status: "failed", ...ended && { finish: ended } },
      sinceFirst: true,
    });
  }
}

/** Columns that answered and failed rows have in common. */
class Rows {
  readonly #arrival = new Float64Builder();
  readonly #promptTokens = new Int32Builder();
  readonly #category = new LabelBuilder();
  readonly #model = new LabelBuilder();
  readonly #session = new LabelBuilder();
  readonly #finish = new Float64Builder();

  push(values: Float64Array, csv: CsvReader): void {
    const arrival = values[AT.Timestamp];
    this.#arrival.push(arrival);
    this.#promptTokens.push(values[AT["Request tokens"]]);
    this.#category.pushCode(values[AT["Log Type"]], csv.names(AT["Log Type"]));
    this.#model.pushCode(values[AT.Model], csv.names(AT.Model));
    const session = values[AT["Session ID"]];
    if (session >= 0) this.#session.pushCode(session, csv.names(AT["Session ID"]));
    else if (session < 0) this.#session.push("");
    const elapsed = values[AT["Elapsed time"]];
    if (elapsed >= 0) this.#finish.push(arrival + elapsed);
  }

  finish() {
    const arrival = this.#arrival.finish();
    return {
      arrival,
      promptTokens: this.#promptTokens.finish(),
      category: this.#category.finish(),
      model: this.#model.finish(),
      ...this.#session.length > 0 && { session: this.#session.finish() },
      ...this.#finish.length > 0 && { finish: this.#finish.finish() },
    };
  }
}
