import { type LogPrefix, readPrefix } from "./log-prefix.ts";

/** One engine iteration, as its line says. */
export interface IterationLine extends LogPrefix {
  /** Counts up by one from the engine's start. */
  readonly number: number;
  readonly contextRequests: number;
  readonly contextTokens: number;
  readonly generationRequests: number;
  readonly generationTokens: number;
  readonly seconds: number;
  /** Share, 0 to 1; NaN where the line doesn't say. */
  readonly kvUsage: number;
}

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const ITERATION = new RegExp(
  String.raw`\bIteration\((\d+)\): (\d+) context requests, (\d+) context tokens, ` +
    String.raw`(\d+) generation requests, (\d+) generation tokens, ` +
    String.raw`iteration elapsed time: ${NUMBER} ms(?:, .*KV cache usage: ${NUMBER}%)?` +
    // Logs in JSON close a string behind the message.
    String.raw`\s*(?:$|(?:\\n)?")`,
);

/**
 * Reads a line of vLLM's `--enable-logging-iteration-details`. `null` for a line that names no
 * iteration, `"unreadable"` for one that does and can't be read (cut off, say, or without time).
 *
 * @param line without colours
 */
export function readIterationLine(line: string): IterationLine | "unreadable" | null {
  if (!line.includes("Iteration(")) return null;
  const found = ITERATION.exec(line);
  if (found === null || !(Number(found[6]) > 0)) return "unreadable";
  const [number, contextRequests, contextTokens, generationRequests, generationTokens, ms] = found
    .slice(1).map(Number);
  return {
    ...readPrefix(line.slice(0, found.index)),
    number,
    contextRequests,
    contextTokens,
    generationRequests,
    generationTokens,
    seconds: ms / 1000,
    kvUsage: found[7] === undefined ? NaN : Number(found[7]) / 100,
  };
}
