import { InputError } from "../../errors/input-error.ts";
import type { IterationLog } from "./engine-iterations.ts";
import { type ServerLog, ServerLogReader } from "./server-log.ts";

export type { IterationLog };

/**
 * Reads what vLLM prints with `--enable-logging-iteration-details`, one line an engine iteration:
 *
 *     … Iteration(516): 0 context requests, 0 context tokens, 32 generation requests,
 *     32 generation tokens, iteration elapsed time: 32.65 ms, CPU KV cache usage: 6.3%
 *
 * Source: `log_iteration_details` of vLLM 0.30. Lines of other messages are counted and passed over.
 *
 * @param source name of the file, for errors
 * @throws InputError when there is no iteration in it, or those of several engines or starts
 */
export function readIterationLog(text: string, source: string): IterationLog {
  const reader = new ServerLogReader(source, { limit: Infinity });
  for (const line of text.split("\n")) reader.push(line);
  const [log, ...others] = iterationLogs(reader.end());
  if (others.length === 0) return log;
  const names = [log, ...others].map(({ engine, run }) => `engine ${engine}, start ${run}`);
  throw new InputError({
    file: source,
    expected: `iterations of one engine since one start; these are of ${names.join("; ")}`,
  });
}

/**
 * The iterations in a server's log, by engine and start. What could not be read counts with the first.
 *
 * @param otherwise what else the caller can read, for the error
 * @throws InputError when there are none
 */
export function iterationLogs(log: ServerLog, otherwise = ""): IterationLog[] {
  if (log.iterations.length === 0) throw new InputError(noIterations(log, otherwise));
  const { unreadable, unreadableLines: refused, otherLines } = log;
  return log.iterations.map((each, i) =>
    i > 0 ? each : { ...each, unreadable, refused, otherLines }
  );
}

function noIterations(
  { source, otherEngine, unreadableLines: [first] }: ServerLog,
  otherwise: string,
) {
  const lines = "lines of vLLM's --enable-logging-iteration-details " +
    `(\`Iteration(516): 0 context requests, …\`)${otherwise}`;
  return {
    file: source,
    ...first !== undefined && { row: first.line, value: first.text },
    expected: otherEngine === null ? lines : `${lines}: this is a log of ${otherEngine}`,
  };
}
