import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder } from "../parsing/builders.ts";
import { formatInstant, parseInstant, TICKS } from "../parsing/instant.ts";
import type { RowVerdict } from "../parsing/row-verdict.ts";
import type { ReadContext, ReadTrace } from "../trace-format.ts";

/** Dates that a log of requests can have: others are what is written where there is none. */
const [EARLIEST, LATEST] = ["1990", "2101"].map((year) => {
  const bytes = new TextEncoder().encode(`${year}-01-01 00:00:00`);
  return parseInstant(bytes, 0, bytes.length);
});
const NO_ANSWER = { setAside: "requests without an answer (no generated tokens)" };

/** What a date has to be that a log of requests can have, in words. */
export const EXPECTED_DATE =
  "a date from 1990 to 2100: a year of 1 or 9999 says that there is none";

/** Whether ticks (see `parseInstant`) are of a date that a log of requests can have. */
export function isLogDate(ticks: number): boolean {
  return ticks >= EARLIEST && ticks < LATEST;
}

/** A row of one of Azure's traces. */
export interface AzureRequest {
  /** What says when it arrived, NaN where nothing does: ticks, or whatever becomes them at the end. */
  readonly time: number;
  readonly promptTokens: number;
  /** 0: there was no answer. */
  readonly outputTokens: number;
  /** NaN where the file does not count images. */
  readonly images: number;
}

/** Gathers the rows of Azure's traces, however their times are written. */
export class AzureRows {
  readonly #served = { time: new Float64Builder(), prompt: new Int32Builder() };
  readonly #failed = { time: new Float64Builder(), prompt: new Int32Builder() };
  readonly #outputTokens = new Int32Builder();
  readonly #images = new Int32Builder();

  take({ time, promptTokens, outputTokens, images }: AzureRequest): RowVerdict {
    const rows = outputTokens === 0 ? this.#failed : this.#served;
    rows.time.push(time);
    rows.prompt.push(promptTokens);
    if (outputTokens === 0) return NO_ANSWER;
    this.#outputTokens.push(outputTokens);
    if (images >= 0) this.#images.push(images);
  }

  /** @param ticksOf ticks of a time that is no NaN */
  finish(
    context: Pick<ReadContext, "log" | "lenient">,
    ticksOf: (time: number) => number = (time) => time,
  ): ReadTrace {
    const ticksIn = ({ time }: { time: Float64Builder }) =>
      time.finish().map((each) => Number.isNaN(each) ? NaN : ticksOf(each));
    const ticks = ticksIn(this.#served);
    const ended = ticksIn(this.#failed);
    // A request without an answer may have no usable time.
    const first = ticks.reduce((least, tick) => Math.min(least, tick), Infinity);
    const since = (times: Float64Array) => times.map((tick) => (tick - first) / TICKS);
    if (Number.isFinite(first)) {
      context.log.assumptions.push(`time 0 is that of the first request, ${formatInstant(first)}`);
    }
    return assembleTrace(context, {
      name: "Azure LLM inference trace",
      served: {
        arrival: since(ticks),
        promptTokens: this.#served.prompt.finish(),
        outputTokens: this.#outputTokens.finish(),
        ...this.#images.length > 0 && { extra: { NumImages: this.#images.finish() } },
      },
      unserved: {
        arrival: since(ended),
        promptTokens: this.#failed.prompt.finish(),
        status: "failed",
      },
    });
  }
}
