import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { exponential } from "../../../random/exponential.ts";
import { gamma } from "../../../random/gamma.ts";
import { pow } from "../../../math/pow.ts";
import { type Random, substream } from "../../../random/substream.ts";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder, LabelBuilder } from "../parsing/builders.ts";
import { enumColumn, labelColumn, secondsColumn } from "../parsing/columns.ts";
import { hasColumns, type Head } from "../parsing/head.ts";
import { csvRowReader } from "../parsing/read-csv.ts";
import {
  drawLengths,
  HISTOGRAM_SECONDS,
  type TokenHistograms,
  tokenHistograms,
} from "./servegen-histograms.ts";
import type { RowVerdict } from "../parsing/row-verdict.ts";
import type { ReadContext, ReadTrace, TraceFormat, TraceReader } from "../trace-format.ts";

/** Requests that are sampled at most: what fits the memory of a small machine. */
const MOST_REQUESTS = 50_000_000;

/** Seconds of a window of the rates. */
const WINDOW = 600;

const parameter = (description: string) => z.number().min(0).max(1e12).meta({ description });

/** A row of the clients' rates: one client in one window of 600 s. */
export const ServeGenRow = z.strictObject({
  client_id: labelColumn("client; absent in a file of one client").optional(),
  window_start_s: secondsColumn("start of the window of 600 s since the log's"),
  rate_rps: z.number().min(0).max(1e6).meta({ description: "requests a second" }),
  cv: parameter("coefficient of variation of the gaps"),
  arrival_pattern: enumColumn("family of the gaps; empty where nothing was fitted", [
    "Gamma",
    "Weibull",
    "",
  ]).optional(),
  param1: parameter("shape of the family"),
  param2: parameter("its scale, which follows from the rate and is not used"),
});
type ServeGenRow = z.output<typeof ServeGenRow>;

const ONE_CLIENT = Object.keys(ServeGenRow.shape).slice(1);

/** What of the log is sampled. */
export const ServeGenOptions = z.strictObject({
  seed: z.int().default(1),
  /** Start in seconds of the log; absent: the first window for which there are token lengths. */
  from: z.number().min(0).optional(),
  /** Seconds, a multiple of 600. */
  duration: z.number().positive().multipleOf(WINDOW).default(WINDOW),
  /** Requests a second over all clients and the whole duration; absent: as logged. */
  rate: z.number().positive().optional(),
});
export type ServeGenOptions = z.output<typeof ServeGenOptions>;

/** Columns of what prompts hold besides text. */
const COUNTS = [["image", "NumImages"], ["audio", "NumAudios"], ["video", "NumVideos"]] as const;

const CLAIM = "client windows of 600 s with rate, CV, family and two parameters";

/**
 * ServeGen (Xiang et al., NSDI 2026): what 43 to 162 clients of a production service sent, as a rate
 * and a family of gaps per client and window of 600 s, and histograms of token lengths per client and
 * six hours. There are no requests: they are sampled, each client a tenant. The rule:
 *
 * - A window of a client has rate × 600 requests, the fraction by chance, times a common factor where
 *   a `rate` is asked for.
 * - Its gaps are drawn from the family with the given shape (Gamma, Weibull; exponential where there
 *   is none) and stretched to fill the window, so that the rate is the logged one exactly.
 * - Prompt and answer lengths are drawn independently from the client's latest histograms of the time
 *   or before: the log has no joint ones, and none for some hours.
 *
 * Rows count as client windows: those without requests, outside the time asked for or without token
 * lengths are set aside. Rates are one file with a `client_id` and a header, or a client's
 * `chunk-N-trace.csv`, as published, whose lengths are in `chunk-N-dataset.json`. A folder of those is
 * read with `openTrace`.
 *
 * Clients of models that see and hear (`mm-image`) have histograms of the text, of how many images,
 * sounds and films a prompt holds, and of the tokens of each: a prompt is all of these, and the counts
 * are kept as `NumImages`, `NumAudios` and `NumVideos`.
 *
 * Source: azaj01/ServeGen (ad78b09, a copy of alibaba/ServeGen), `servegen/clientpool.py`,
 * `tests/test_construct.py` and `data/multimodal/mm-image/chunk-30-dataset.json`.
 */
export const serveGen: TraceFormat<ServeGenOptions> = {
  name: "servegen",
  title: "ServeGen client windows",
  row: ServeGenRow,
  options: ServeGenOptions,
  companions: [{
    role: "histograms",
    title: "token histograms per client and window of six hours (…-dataset.json)",
    required: true,
    beside: (name) => {
      const bare = name.replace(/\.(gz|zst)$/, "");
      const days = Array.from({ length: 14 }, (_, day) => `_token_histograms_day${day}.json`);
      return [
        bare.replace(/-trace\.csv$/, "-dataset.json"),
        ...["_token_histograms.json", ...days].map((ending) =>
          bare.replace(/_client_rates\.csv$/, ending)
        ),
      ].filter((other) => other !== bare);
    },
  }],
  recognise(head) {
    if (hasColumns(head, Object.keys(ServeGenRow.shape))) return `header of ${CLAIM}`;
    return isOneClient(head) ? `${CLAIM}, without a header` : undefined;
  },
  reader: (context) => new ServeGenReader(context),
};

/** Whether the first lines are a client's windows: six cells, a family in the fourth. */
function isOneClient({ text, whole }: Head): boolean {
  const lines = text.split("\n").slice(0, 4).filter((line) => line !== "");
  // The last of a few lines may be cut.
  const sure = whole || lines.length < 4 ? lines : lines.slice(0, 3);
  return sure.length > 0 &&
    sure.every((line) =>
      /^[\d.]+,[\d.eE+-]+,[\d.eE+-]+,(?:Gamma|Weibull|),[\d.eE+-]+,[\d.eE+-]+$/.test(line)
    );
}

class ServeGenReader implements TraceReader {
  readonly #context: ReadContext<ServeGenOptions>;
  readonly #histograms: TokenHistograms;
  readonly #from: number;
  readonly #windows: ServeGenRow[] = [];
  #push: ((bytes: Uint8Array) => void) | undefined;
  #end = () => {};

  constructor(context: ReadContext<ServeGenOptions>) {
    this.#context = context;
    const { log, options } = context;
    this.#histograms = tokenHistograms(
      context.companions.get("histograms")!,
      `histograms of ${log.source}`,
    );
    this.#from = options.from ?? this.#histograms.first;
  }

  push(bytes: Uint8Array): void {
    this.#push ??= this.#open(bytes);
    this.#push(bytes);
  }

  /** Whether there is a header shows in the first byte: windows begin with a digit. */
  #open(bytes: Uint8Array): (bytes: Uint8Array) => void {
    const digit = bytes[0] >= 48 && bytes[0] <= 57;
    const csv = csvRowReader(ServeGenRow, {
      log: this.#context.log,
      take: (row) => this.#take(row),
      ...digit && { header: ONE_CLIENT },
    });
    this.#end = () => csv.end();
    return (more) => csv.push(more);
  }

  #take(row: ServeGenRow): RowVerdict {
    const { window_start_s: start, client_id: client = "0", rate_rps: rate } = row;
    if (start % WINDOW !== 0) {
      return { field: "window_start_s", value: start, expected: `a multiple of ${WINDOW}` };
    }
    if (row.arrival_pattern && row.param1 === 0) {
      return { field: "param1", value: row.param1, expected: "a shape above 0" };
    }
    const { duration } = this.#context.options;
    if (start < this.#from || start >= this.#from + duration) {
      return { setAside: `windows outside ${this.#from} to ${this.#from + duration} s` };
    }
    if (rate === 0) return { setAside: "windows without requests" };
    if (this.#histograms.of(client, start) === undefined) {
      return { setAside: "windows without token lengths" };
    }
    this.#windows.push({ ...row, client_id: client });
  }

  end(): ReadTrace {
    this.#push ??= this.#open(new Uint8Array());
    this.#end();
    const { log, options: { seed, duration, rate } } = this.#context;
    const logged = this.#windows.reduce((sum, row) => sum + row.rate_rps * WINDOW, 0) / duration;
    const factor = rate === undefined ? 1 : rate / logged;
    if ((rate ?? logged) * duration > MOST_REQUESTS) {
      throw new InputError({
        file: log.source,
        value: Math.round((rate ?? logged) * duration),
        expected:
          `at most ${MOST_REQUESTS} requests to sample: ask for a rate or a shorter duration`,
      });
    }
    log.assumptions.push(
      `requests sampled, seed ${seed}: ${this.#from} to ${this.#from + duration} s of the log at ` +
        `${rate ?? logged} requests a second (logged: ${logged})`,
      "gaps are drawn from each window's family and stretched to fill it; prompts and answers are drawn independently",
    );
    const stale =
      this.#windows.filter(({ client_id, window_start_s: start }) =>
        this.#histograms.of(client_id!, start)!.start + HISTOGRAM_SECONDS <= start
      ).length;
    if (stale > 0) {
      log.assumptions.push(`${stale} windows use the client's token lengths of earlier hours`);
    }
    const rows = new SampledRows();
    for (const row of this.#windows) {
      const name = `servegen/${row.client_id}/${row.window_start_s}`;
      const histograms = this.#histograms.of(row.client_id!, row.window_start_s)!;
      const lengths = substream(seed, `${name}/lengths`);
      const start = row.window_start_s - this.#from;
      for (const at of arrivalsOf(row, factor, substream(seed, `${name}/arrivals`))) {
        rows.arrival.push(start + at);
        rows.tenant.push(row.client_id!);
        const { promptTokens, outputTokens, counts } = drawLengths(histograms, lengths);
        rows.promptTokens.push(promptTokens);
        rows.outputTokens.push(outputTokens);
        for (const [medium] of COUNTS) rows.counts[medium].push(counts[medium]);
      }
    }
    const counted = COUNTS.flatMap(([medium, name]) => {
      const column = rows.counts[medium].finish();
      return column.some((count) => count > 0) ? [[name, column] as const] : [];
    });
    if (counted.length > 0) {
      log.assumptions.push(
        "a prompt is its text and what else it holds: a count is drawn, then the tokens of each one",
      );
    }
    return assembleTrace(this.#context, {
      name: "ServeGen",
      streams: true,
      served: {
        arrival: rows.arrival.finish(),
        tenant: rows.tenant.finish(),
        promptTokens: rows.promptTokens.finish(),
        outputTokens: rows.outputTokens.finish(),
        ...counted.length > 0 && { extra: Object.fromEntries(counted) },
      },
    });
  }
}

class SampledRows {
  readonly arrival = new Float64Builder();
  readonly tenant = new LabelBuilder();
  readonly promptTokens = new Int32Builder();
  readonly outputTokens = new Int32Builder();
  readonly counts = {
    image: new Int32Builder(),
    audio: new Int32Builder(),
    video: new Int32Builder(),
  };
}

/** Arrivals of one client in one window, seconds since its start. */
function arrivalsOf(
  { rate_rps: rate, arrival_pattern: family, param1: shape }: ServeGenRow,
  factor: number,
  random: Random,
): Float64Array {
  const expected = rate * WINDOW * factor;
  const count = Math.floor(expected) + (random.next() < expected % 1 ? 1 : 0);
  const arrival = new Float64Array(count);
  let now = 0;
  for (let i = 0; i < count; i++) {
    now += gap(random, family, shape);
    arrival[i] = now;
  }
  // One gap more, from the last request to the window's end.
  const span = now + gap(random, family, shape);
  for (let i = 0; i < count; i++) arrival[i] *= WINDOW / span;
  return arrival;
}

/** A gap of the family in some unit: gaps are stretched afterwards. */
function gap(random: Random, family: ServeGenRow["arrival_pattern"], shape: number): number {
  if (family === "Gamma") return gamma(random, shape);
  const drawn = exponential(random);
  return family === "Weibull" ? pow(drawn, 1 / shape) : drawn;
}
