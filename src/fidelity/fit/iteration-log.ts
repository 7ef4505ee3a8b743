import { InputError } from "../../errors/input-error.ts";

/** A server's iterations, in the order of its log. Shape (size) each. */
export interface IterationLog {
  readonly source: string;
  readonly size: number;
  /** Prompts computed in the iteration, and their tokens in it. */
  readonly contextRequests: Int32Array;
  readonly contextTokens: Int32Array;
  /**
   * Sequences past their first token, and their tokens. A request that recomputes after a preemption
   * counts here, with all the tokens that it recomputes.
   */
  readonly generationRequests: Int32Array;
  readonly generationTokens: Int32Array;
  /** Seconds that the iteration took. */
  readonly seconds: Float64Array;
  /** Share of the KV cache in use, 0 to 1, as printed (a tenth of a percent). */
  readonly kvUsage: Float64Array;
  /** When the line was printed, whole seconds since the year began; NaN where it says no time. */
  readonly printedAt: Float64Array;
  /** Lines that name an iteration and could not be read, with their numbers. */
  readonly refused: readonly { readonly line: number; readonly text: string }[];
  /** Lines of other messages. */
  readonly otherLines: number;
}

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const STAMP = /(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)/;
const ITERATION = new RegExp(
  String.raw`Iteration\(\d+\): (\d+) context requests, (\d+) context tokens, ` +
    String.raw`(\d+) generation requests, (\d+) generation tokens, ` +
    String.raw`iteration elapsed time: ${NUMBER} ms(?:, .*KV cache usage: ${NUMBER}%)?\s*$`,
);

/**
 * Reads what vLLM prints with `--enable-logging-iteration-details`, one line an engine iteration:
 *
 *     … Iteration(516): 0 context requests, 0 context tokens, 32 generation requests,
 *     32 generation tokens, iteration elapsed time: 32.65 ms, CPU KV cache usage: 6.3%
 *
 * Source: `log_iteration_details` of vLLM 0.30. Lines of other messages are counted and passed over.
 *
 * @param source name of the file, for errors
 * @throws InputError when there is no iteration in it
 */
export function readIterationLog(text: string, source: string): IterationLog {
  const columns = Array.from({ length: 7 }, (): number[] => []);
  const refused: { line: number; text: string }[] = [];
  let otherLines = 0;
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    const found = ITERATION.exec(line);
    if (found !== null && Number(found[5]) > 0) {
      const [, contexts, contextTokens, generations, generationTokens, ms, usage] = found;
      const row = [contexts, contextTokens, generations, generationTokens].map(Number);
      const stamp = printedAt(line.slice(0, found.index));
      [...row, Number(ms) / 1000, usage === undefined ? NaN : Number(usage) / 100, stamp]
        .forEach((value, column) => columns[column].push(value));
    } else if (line.includes("Iteration(")) refused.push({ line: index + 1, text: line });
    else otherLines++;
  });
  if (columns[0].length === 0) {
    const [first] = refused;
    throw new InputError({
      file: source,
      ...first !== undefined && { row: first.line, value: first.text },
      expected: "lines of vLLM's --enable-logging-iteration-details " +
        "(`Iteration(516): 0 context requests, …`)",
    });
  }
  const [contexts, contextTokens, generations, generationTokens, seconds, usage, stamps] = columns;
  return {
    source,
    size: seconds.length,
    contextRequests: Int32Array.from(contexts),
    contextTokens: Int32Array.from(contextTokens),
    generationRequests: Int32Array.from(generations),
    generationTokens: Int32Array.from(generationTokens),
    seconds: Float64Array.from(seconds),
    kvUsage: Float64Array.from(usage),
    printedAt: Float64Array.from(stamps),
    refused,
    otherLines,
  };
}

/** vLLM prints no year: a leap year has every date. */
function printedAt(prefix: string): number {
  const found = STAMP.exec(prefix);
  if (found === null) return NaN;
  const [month, day, hour, minute, second] = found.slice(1).map(Number);
  return Date.UTC(2000, month - 1, day, hour, minute, second) / 1000 - Date.UTC(2000, 0) / 1000;
}
