import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { substream } from "../../random/substream.ts";
import type { Phase, Workload } from "../workload.ts";
import { takeRows } from "./take-rows.ts";
import { withStep } from "./with-step.ts";

/** How often, and how exactly. */
export const RepeatOptions = z.strictObject({
  /** Copies in all. */
  times: z.int().min(1).max(100_000),
  /**
   * Each arrival of every copy but the first moves by a uniform number of seconds up to this, either
   * way, so that copies are not one another's image.
   */
  jitterSeconds: z.number().min(0).default(0),
  seed: z.int().default(1),
});
export type RepeatOptions = z.input<typeof RepeatOptions>;

/** Rows of a repeated workload at most. */
const MOST_ROWS = 100_000_000;

/**
 * Copies of a workload, one after the other; rows keep tenant, lengths and everything else, sessions
 * and shared prefixes go on.
 *
 * A workload of one phase goes on in it: a copy starts one gap of average length after the last
 * arrival of the one before, so that the rate stays. A workload of several phases repeats them all:
 * a later copy's first phase starts when the queue has emptied, without a pause, and names get the
 * number of the copy: `stress (2)`.
 *
 * With jitter, arrivals are put in order again (ties in the order of rows), not before the start of
 * their phase. Throws an InputError for a workload whose copies would all lie at one instant, or have
 * more than 100 million requests.
 *
 * @example
 * const day = workloads.repeatWorkload(hour, { times: 24, jitterSeconds: 30 });
 */
export function repeatWorkload(workload: Workload, options: RepeatOptions): Workload {
  const { times, jitterSeconds, seed } = parseWith(
    RepeatOptions,
    options,
    "repeatWorkload options",
  );
  const { size, arrival, phases } = workload.requests;
  const refuse = (field: string, value: unknown, expected: string) => {
    throw new InputError({ file: "repeatWorkload options", field, value, expected });
  };
  if (size * times > MOST_ROWS) {
    refuse("times", times, `at most ${Math.floor(MOST_ROWS / size)}: ${MOST_ROWS} requests`);
  }
  const one = phases.length === 1;
  const period = size > 1 ? (arrival[size - 1] - arrival[0]) * size / (size - 1) : 0;
  if (one && times > 1 && size > 0 && period === 0) {
    refuse("times", times, "1: the workload has no duration, so that copies would lie on it");
  }
  const random = substream(seed, "repeat");
  const moved = new Float64Array(size * times);
  const repeated: Phase[] = [];
  for (let copy = 0; copy < times; copy++) {
    const offset = one ? copy * period : 0;
    for (let row = 0; row < size; row++) {
      const jitter = copy === 0 ? 0 : jitterSeconds * (2 * random.next() - 1);
      moved[copy * size + row] = Math.max(0, arrival[row] + offset + jitter);
    }
    if (one && copy > 0) continue;
    phases.forEach((phase, index) =>
      repeated.push({
        name: copy === 0 ? phase.name : `${phase.name} (${copy + 1})`,
        first: copy * size + phase.first,
        afterDrainSeconds: copy > 0 && index === 0 ? 0 : phase.afterDrainSeconds,
      })
    );
  }
  const order = Int32Array.from({ length: moved.length }, (_, i) => i);
  if (jitterSeconds > 0) {
    repeated.forEach(({ first }, index) =>
      order.subarray(first, repeated[index + 1]?.first ?? moved.length)
        .sort((a, b) => moved[a] - moved[b] || a - b)
    );
  }
  return takeRows(
    workload,
    {
      rows: order.map((i) => i % size),
      arrival: Float64Array.from(order, (i) => moved[i]),
      phases: repeated as [Phase, ...Phase[]],
    },
    withStep(
      workload,
      `repeated ${times} times` +
        (jitterSeconds > 0 ? `, arrivals moved by up to ${jitterSeconds} s, seed ${seed}` : ""),
    ),
  );
}
