import type { NumberUnit } from "../units.ts";

/** A column's name in plain words, and the unit at its end. */
export interface ColumnWords {
  /** Lower case, with an underscore between: `completion_tokens`. */
  readonly name: string;
  readonly unit?: NumberUnit;
}

const UNITS: Readonly<Record<NumberUnit, readonly string[]>> = {
  s: ["s", "sec", "secs", "second", "seconds"],
  ms: ["ms", "msec", "msecs", "millis", "millisecond", "milliseconds"],
  us: ["us", "usec", "micros", "microsecond", "microseconds", "µs"],
  ns: ["ns", "nsec", "nanos", "nano", "nanosecond", "nanoseconds"],
};
/** Said before a unit, and of no meaning otherwise. */
const EPOCH_WORDS = new Set(["unix", "epoch", "utc"]);

/** The words of a name in any of the usual ways to write one: `promptTokens`, `Prompt Tokens (ms)`. */
export function columnWords(name: string): ColumnWords {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase().split(/[^a-z\dµ]+/).filter((word) => word !== "");
  const unit = (Object.keys(UNITS) as NumberUnit[])
    .find((each) => words.length > 1 && UNITS[each].includes(words.at(-1)!));
  if (unit !== undefined) words.pop();
  while (words.length > 1 && EPOCH_WORDS.has(words.at(-1)!)) words.pop();
  return { name: words.join("_"), ...unit && { unit } };
}
