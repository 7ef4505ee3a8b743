import { InputError } from "../../../errors/input-error.ts";
import { ArrivalOptions, assumedArrivals, refuseRate } from "../parsing/assumed-arrivals.ts";
import type { RowProblem } from "../parsing/row-verdict.ts";
import {
  dateUnitOf,
  doubtOfUnit,
  PER_SECOND,
  type TimeUnit,
  UNIT_WORDS,
  unitOfTimes,
} from "../parsing/unit-of-times.ts";
import type { ReadLog } from "../read-log.ts";

/** Times of requests as a file has them. Shape (n), in the order of the file. */
export interface RawTimes {
  /** Of the file's unit; NaN where a row has none. */
  readonly timestamp: Float64Array;
  /** From the turn before, in the same unit; NaN where a row has none. */
  readonly delay: Float64Array;
  /** Conversation by row; undefined where a row is of none. */
  readonly session: readonly (string | undefined)[];
}

/** A unit, and why. */
export interface TakenUnit {
  readonly unit: TimeUnit;
  /** Whether times are counted from 1970. */
  readonly dates: boolean;
  /** Which was taken and why, in words; "" where there are no times. */
  readonly said: string;
}

/** What fixes the unit before anything is looked at, and in whose words. */
export interface FixedUnit {
  readonly unit: TimeUnit;
  readonly because: string;
}

/**
 * The unit of the times: the fixed one, said with what speaks against it, or the one that the file
 * tells. Throws an InputError that names the option where it tells none.
 *
 * @param fitting lengths that blocks can have, see `fittingBlocks`
 */
export function takenUnit(
  { timestamp, delay }: RawTimes,
  { file, fitting, fixed }: {
    file: string;
    fitting: readonly number[];
    fixed: FixedUnit | undefined;
  },
): TakenUnit {
  const times = timestamp.filter((time) => !Number.isNaN(time));
  const hasDelays = delay.some((each) => !Number.isNaN(each));
  if (times.length === 0 && !hasDelays) {
    return { unit: fixed?.unit ?? "ms", dates: false, said: "" };
  }
  // A length that tells nothing: short prompts fit both.
  const known = [512, 16].filter((block) => fitting.includes(block));
  const blockTokens = known.length === 1 ? known[0] : undefined;
  const evidence = { times, blockTokens, hasDelays };
  const verdict = unitOfTimes(evidence);
  const reasons = verdict.reasons.join("; ");
  if (fixed !== undefined) {
    const doubt = doubtOfUnit(fixed.unit, evidence);
    return {
      unit: fixed.unit,
      dates: verdict.dates && verdict.unit === fixed.unit,
      said: [`times are ${UNIT_WORDS[fixed.unit]}, ${fixed.because}`, doubt].filter(Boolean).join(
        ", ",
      ),
    };
  }
  const { unit, dates } = verdict;
  if (unit !== undefined) {
    return { unit, dates, said: `times are ${UNIT_WORDS[unit]}, as the file tells: ${reasons}` };
  }
  const [least, most] = [
    times.reduce((a, b) => Math.min(a, b)),
    times.reduce((a, b) => Math.max(a, b)),
  ];
  throw new InputError({
    file,
    field: "timestamp",
    value: least === most ? least : `${least} to ${most}`,
    expected: "times whose unit the file tells, as they may be seconds or milliseconds" +
      `${reasons === "" ? "" : ` (${reasons})`}: name it with the option unit=s or unit=ms`,
  });
}

/** Arrivals of requests, in the unit of the file. */
export interface RawArrivals {
  /** Since time 0; shape (n). */
  readonly arrival: Float64Array;
  /** What is wrong with rows, by their place. */
  readonly problems: ReadonlyMap<number, RowProblem>;
}

/** Seconds since a start at most: 32 years. */
const LATEST = 1e9;

/**
 * When requests arrive: at their time, counted from the first where it is a date; without one, a `delay`
 * after the turn before them in their session arrived, which is as early as it can have been. Where no
 * row has a time, first turns get assumed ones. The log says so.
 */
export function rawArrivals(
  { timestamp, delay, session }: RawTimes,
  { unit, dates, log, options }: TakenUnit & { log: ReadLog; options: ArrivalOptions },
): RawArrivals {
  const perSecond = PER_SECOND[unit];
  const problems = new Map<number, RowProblem>();
  const origin = dates ? firstDate(timestamp, unit) : 0;
  if (dates) {
    const at = new Date(origin / perSecond * 1000).toISOString();
    log.assumptions.push(`time 0 is that of the first request, ${at}`);
  }
  const untimed = timestamp.every(Number.isNaN);
  if (!untimed) refuseRate({ log, options });
  const seen = new Set<string>();
  const isFirst = session.map((name) =>
    name === undefined || (!seen.has(name) && !!seen.add(name))
  );
  const starts = untimed
    ? assumedArrivals(isFirst.filter(Boolean).length, { log, options })
    : new Float64Array();
  const arrival = new Float64Array(timestamp.length);
  const latest = new Map<string, number>();
  let [begun, later] = [0, 0];
  for (let row = 0; row < arrival.length; row++) {
    const time = timestamp[row];
    const name = session[row];
    const before = name === undefined ? undefined : latest.get(name);
    const problem = badTime(time, { unit, dates }) ?? badDelay(delay[row], unit);
    if (problem !== undefined) problems.set(row, problem);
    else if (!Number.isNaN(time)) arrival[row] = time - origin;
    else if (before !== undefined) {
      arrival[row] = before + (Number.isNaN(delay[row]) ? 0 : delay[row]);
      later++;
    } else if (untimed && isFirst[row]) arrival[row] = starts[begun++] * perSecond;
    else {
      problems.set(row, {
        field: "timestamp",
        value: undefined,
        expected: "a time, as other rows have, or an earlier turn of its session_id that has one",
      });
    }
    if (name !== undefined && !problems.has(row)) latest.set(name, arrival[row]);
  }
  if (later > 0) {
    log.assumptions.push(
      `${later} turns have a delay in place of a time: they arrive that long after the turn before ` +
        "them arrived, as if its answer had taken no time; when it ended the file does not say, so " +
        "they really came later",
    );
  }
  return { arrival, problems };
}

function firstDate(times: Float64Array, unit: TimeUnit): number {
  let first = Infinity;
  for (const time of times) if (time < first && dateUnitOf(time) === unit) first = time;
  return first;
}

function badTime(
  value: number,
  { unit, dates }: { unit: TimeUnit; dates: boolean },
): RowProblem | undefined {
  if (Number.isNaN(value)) return undefined;
  if (dates) {
    if (dateUnitOf(value) === unit) return undefined;
    const expected = `${UNIT_WORDS[unit]} since 1970, as most rows have: a date from 2001 to 2100`;
    return { field: "timestamp", value, expected };
  }
  return tooLate("timestamp", value, unit);
}

function badDelay(value: number, unit: TimeUnit): RowProblem | undefined {
  return Number.isNaN(value) ? undefined : tooLate("delay", value, unit);
}

function tooLate(field: string, value: number, unit: TimeUnit): RowProblem | undefined {
  if (value / PER_SECOND[unit] <= LATEST) return undefined;
  const expected =
    `at most ${LATEST * PER_SECOND[unit]} ${UNIT_WORDS[unit]} (32 years); the option ` +
    "unit names another unit";
  return { field, value, expected };
}
