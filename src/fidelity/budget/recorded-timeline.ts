import { median } from "../../statistics/robust-regression.ts";
import { MachineClock } from "../doubt/machine-clock.ts";
import type { RecordedRequests } from "../recorded-run.ts";
import type { RecordedClientTimes } from "./recorded-client.ts";
import type { RecordedSchedule } from "./recorded-schedule.ts";

/** When recorded iterations began and ended. Shape (iterations), seconds since the run's start. */
export interface Timeline {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/**
 * When the iterations of a log began and ended. The log says how long each took, not when; the client
 * saw when first and last tokens came, which are the ends of known iterations. What lies between two
 * such ends beside the iterations' own time is spread over them (outputs go out, the next step is
 * planned), or is idle time before the iteration that finds the server empty.
 *
 * @param seconds shape (iterations): what each took, by the log
 */
export function recordedTimeline(
  requests: RecordedRequests,
  schedule: RecordedSchedule,
  { seconds, client }: {
    readonly seconds: Float64Array;
    readonly client: RecordedClientTimes | null;
  },
): Timeline {
  const { size } = schedule;
  const seen = endsSeen(requests, schedule, client);
  const start = new Float64Array(size), end = new Float64Array(size);
  let before = -1, free = 0;
  for (const [step, at] of [...seen].sort(([a], [b]) => a - b)) {
    let busy = 0, found = -1;
    for (let i = before + 1; i <= step; i++) {
      busy += seconds[i];
      if (schedule.fromIdle[i]) found = i;
    }
    // A client's clock is off by a few milliseconds: iterations never overlap for it.
    const slack = Math.max(0, at - free - busy);
    const each = found < 0 ? slack / (step - before) : 0;
    for (let i = before + 1; i <= step; i++) {
      start[i] = free + (i === found ? slack : 0);
      free = end[i] = start[i] + each + seconds[i];
    }
    before = step;
  }
  for (let i = before + 1; i < size; i++) {
    start[i] = free;
    free = end[i] = free + seconds[i];
  }
  return { start, end };
}

/** Ends of iterations that a client saw: by iteration, seconds. */
function endsSeen(
  { firstToken, finish }: RecordedRequests,
  { first, last }: RecordedSchedule,
  client: RecordedClientTimes | null,
): Map<number, number> {
  const seen = [
    ...Array.from(
      first,
      (step, row) => ({ step, at: firstToken[row] - (client?.firstLate[row] ?? 0) }),
    ),
    ...Array.from(last, (step, row) => ({ step, at: finish[row] - (client?.lastLate[row] ?? 0) })),
  ];
  return new Map(Array.from(
    Map.groupBy(seen, ({ step }) => step),
    ([step, ends]) => [step, median(ends.map(({ at }) => at))],
  ));
}

/**
 * The recorded machine's clock, in seconds of a step cost: idle time passes as it is.
 *
 * @param stretch iterations that share one speed, which is that of the machine and not of one step.
 * @default 1: each iteration has its own
 */
export function recordedClock(
  { start, end }: Timeline,
  priced: Float64Array,
  stretch = 1,
): MachineClock {
  const at = [0], work = [0];
  let now = 0, done = 0;
  for (let from = 0; from < start.length; from += stretch) {
    const to = Math.min(from + stretch, start.length);
    let taken = 0, expected = 0;
    for (let step = from; step < to; step++) {
      taken += end[step] - start[step];
      expected += priced[step];
    }
    for (let step = from; step < to; step++) {
      if (start[step] > now) {
        at.push(start[step]);
        work.push(done += start[step] - now);
      }
      at.push(now = end[step]);
      work.push(done += taken > 0 ? (end[step] - start[step]) * expected / taken : priced[step]);
    }
  }
  at.push(now + 1);
  work.push(done + 1);
  return new MachineClock(Float64Array.from(at), Float64Array.from(work));
}
