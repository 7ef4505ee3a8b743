import type { LoggedSteps } from "./logged-steps.ts";
import { robustRegression } from "../../statistics/robust-regression.ts";

/** Whole seconds of log that are weighed as one: longer ones blur the batch size. */
const WINDOW = 3;
const WINDOWS_NEEDED = 5;

/** Seconds between two iterations: those of the loop itself, and those of each sequence in it. */
export interface BetweenSteps {
  readonly perLoop: number;
  readonly perLoopSequence: number;
}

/**
 * What a step costs outside the time that the log says: outputs go out, the log is written, the next
 * step is planned. The log's own clock tells, though it knows whole seconds alone: from the first
 * line of one second to the first line of another, the iterations and what lies between them fill
 * exactly that time, up to one step. Stretches in which the server may have idled don't count: an
 * idle server starts with an iteration that generates nothing. Nor do those with lines missing. Under
 * asynchronous scheduling iterations overlap and there is nothing between them: 0.
 *
 * @param slowness by log and step: how much slower the machine was; it slows the loop as well
 */
export function betweenSteps(
  logs: readonly LoggedSteps[],
  slowness: readonly Float64Array[],
): BetweenSteps {
  const rows: Float64Array[] = [];
  const gaps: number[] = [];
  logs.forEach((log, at) => {
    const first = new Map<number, number>();
    for (let i = 0; i < log.size; i++) {
      if (!first.has(log.printedAt[i])) first.set(log.printedAt[i], i);
    }
    for (const [second, from] of first) {
      const to = first.get(second + WINDOW);
      // The first line of a log may stand anywhere in its second.
      if (second % WINDOW !== 0 || to === undefined || from === 0) continue;
      let busy = 0, sequences = 0, slow = 0, unknown = false;
      for (let i = from; i < to; i++) {
        busy += log.seconds[i];
        slow += slowness[at][i];
        sequences += log.decoding[i] + log.prefilling[i];
        if (log.decoding[i] === 0 || log.follows?.[i] === 0) unknown = true;
      }
      if (unknown || busy >= WINDOW) continue;
      rows.push(Float64Array.of(to - from, sequences));
      gaps.push((WINDOW - busy) * (to - from) / slow);
    }
  });
  if (rows.length < WINDOWS_NEEDED) return { perLoop: 0, perLoopSequence: 0 };
  const [perLoop, perLoopSequence] = robustRegression(rows, Float64Array.from(gaps));
  return { perLoop, perLoopSequence };
}
