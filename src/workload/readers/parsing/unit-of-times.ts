/** Units in which files write times, and how many of each are a second. */
export const PER_SECOND = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const;
export type TimeUnit = keyof typeof PER_SECOND;

/** The names of units in words. */
export const UNIT_WORDS: Readonly<Record<TimeUnit, string>> = {
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
};

const UNITS = Object.keys(PER_SECOND) as TimeUnit[];

/** Seconds since 1970 of September 2001 and of 2100: times between them are dates. */
const [DATES_FROM, DATES_TO] = [1e9, 4_102_444_800];

/** What a file says of itself that tells the unit of its times. */
export interface UnitEvidence {
  /** All times as the file has them, in any order. */
  readonly times: ArrayLike<number>;
  /** Tokens of the blocks that the file's ids stand for, where ids and lengths tell it. */
  readonly blockTokens?: number;
  /** Whether turns of sessions have a `delay`, which AIPerf's traces have in milliseconds. */
  readonly hasDelays?: boolean;
}

/** What the evidence comes to. */
export interface UnitVerdict {
  /** Undefined where both seconds and milliseconds remain possible. */
  readonly unit: TimeUnit | undefined;
  /** Whether times are counted from 1970. */
  readonly dates: boolean;
  /** What was seen, in words, whatever it speaks for. */
  readonly reasons: readonly string[];
  /** How much speaks for milliseconds, against seconds where negative; 0 for dates. */
  readonly weight: number;
}

/** How much each sign weighs: one strong sign, or two weak ones, decide. */
const [STRONG, MEDIUM, WEAK] = [4, 2, 1];
const DECIDES = 2;

/**
 * The unit of a column of times, from all of it:
 *
 * - Most times between 2001 and 2100 in one unit are dates in it.
 * - The mean gap between requests. Below 1, milliseconds would be more than 1,000 requests a second;
 *   above 1,000, seconds would be less than one request in a quarter of an hour: both are strong signs.
 *   From 1 to 10 it speaks a little for seconds, from 100 to 1,000 a little for milliseconds.
 * - Blocks of 512 tokens are Mooncake's, which has milliseconds; blocks of 16 are vLLM's, which has
 *   seconds.
 * - `delay` is AIPerf's, in milliseconds: a strong sign.
 * - Fractions speak a little for seconds. How a number is printed (`0` or `0.0`) says nothing.
 *
 * Where the signs do not agree on one unit there is none: a reader refuses then, and names its option.
 * Times that are all 0 are milliseconds where nothing speaks for seconds: the unit makes no difference.
 */
export function unitOfTimes(evidence: UnitEvidence): UnitVerdict {
  const dates = datesIn(evidence.times);
  if (dates !== undefined) {
    const reasons = [`times of this size are ${UNIT_WORDS[dates]} since 1970`];
    return { unit: dates, dates: true, reasons, weight: 0 };
  }
  const signs = signsOf(evidence);
  const weight = signs.reduce((sum, each) => sum + each.weight, 0);
  const reasons = signs.map(({ words }) => words);
  const decided = weight >= DECIDES ? "ms" : weight <= -DECIDES ? "s" : undefined;
  if (decided === undefined && Array.prototype.every.call(evidence.times, (time) => time === 0)) {
    return { unit: "ms", dates: false, reasons: ["all times are 0 in any unit"], weight };
  }
  return { unit: decided, dates: false, reasons, weight };
}

/**
 * What speaks against the unit that a format has, in words; undefined where nothing does. For formats that
 * are known to have one unit: what looks like another is said, and read as it is.
 */
export function doubtOfUnit(unit: TimeUnit, evidence: UnitEvidence): string | undefined {
  const verdict = unitOfTimes(evidence);
  const decided = verdict.dates || Math.abs(verdict.weight) >= DECIDES;
  if (!decided || verdict.unit === unit) return undefined;
  return `although the file looks like ${UNIT_WORDS[verdict.unit!]}: ${verdict.reasons.join("; ")}`;
}

/** The unit in which a time is a date from 2001 to 2100; undefined where it is none. */
export function dateUnitOf(time: number): TimeUnit | undefined {
  return UNITS.find((unit) =>
    time >= DATES_FROM * PER_SECOND[unit] && time < DATES_TO * PER_SECOND[unit]
  );
}

/** The unit in which more than half of the times are dates. */
function datesIn(times: ArrayLike<number>): TimeUnit | undefined {
  const counts = new Map<TimeUnit | undefined, number>();
  for (let i = 0; i < times.length; i++) {
    const unit = dateUnitOf(times[i]);
    counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  return UNITS.find((unit) => 2 * (counts.get(unit) ?? 0) > times.length);
}

interface Sign {
  /** Above 0 for milliseconds, below for seconds. */
  readonly weight: number;
  readonly words: string;
}

function signsOf({ times, blockTokens, hasDelays = false }: UnitEvidence): Sign[] {
  const signs: Sign[] = [];
  const gap = meanGap(times);
  if (gap !== undefined) signs.push(signOfGap(gap));
  if (blockTokens === 512) {
    signs.push({ weight: MEDIUM, words: "ids of blocks of 512 tokens, as Mooncake's" });
  } else if (blockTokens === 16) {
    signs.push({ weight: -MEDIUM, words: "ids of blocks of 16 tokens, as vLLM's" });
  }
  if (hasDelays) signs.push({ weight: STRONG, words: "delay, which AIPerf has in milliseconds" });
  if (Array.prototype.some.call(times, (time) => !Number.isInteger(time))) {
    signs.push({ weight: -WEAK, words: "times with fractions" });
  }
  return signs;
}

function signOfGap(gap: number): Sign {
  const weight = gap < 1
    ? -STRONG
    : gap < 10
    ? -WEAK
    : gap <= 100
    ? 0
    : gap <= 1000
    ? WEAK
    : STRONG;
  const rate = (perSecond: number) => Number((perSecond / gap).toPrecision(3));
  return {
    weight,
    words: `${rate(1)} requests a second in seconds, ${rate(1000)} in milliseconds`,
  };
}

/** Mean gap between times in order; undefined where there are fewer than two different ones. */
function meanGap(times: ArrayLike<number>): number | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < times.length; i++) {
    if (times[i] < least) least = times[i];
    if (times[i] > most) most = times[i];
  }
  return most > least ? (most - least) / (times.length - 1) : undefined;
}
