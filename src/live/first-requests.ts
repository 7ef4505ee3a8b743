import { known } from "../statistics/known.ts";
import { quantile } from "../statistics/quantile.ts";

/** Later requests with a known time that are needed to say what is usual. */
const FEWEST = 10;
/** How many times the usual a first request takes that stands out. */
const TIMES = 5;

/** A first request that took far longer to its first token than the rest. Seconds from send. */
export interface SlowStart {
  readonly first: number;
  /** Median of those that were sent when the first token of all had come. */
  readonly usual: number;
}

/**
 * Whether the first request that a server was sent stands out, as it does where the server was cold:
 * its TTFT from send is more than 5 times the median of the requests that were sent after its first
 * token had come (those sent before may have waited for the same). Null where it does not, or where
 * fewer than 10 of the others are known.
 *
 * @param sent shape (n), seconds: when the requests of one server were sent, in any order
 * @param firstToken shape (n), seconds on that clock; NaN where none is known
 */
export function slowStart(sent: Float64Array, firstToken: Float64Array): SlowStart | null {
  let row = -1;
  for (let i = 0; i < sent.length; i++) {
    if (Number.isNaN(firstToken[i])) continue;
    if (row < 0 || sent[i] < sent[row]) row = i;
  }
  if (row < 0) return null;
  const later = known(sent.map((at, i) => at > firstToken[row] ? firstToken[i] - at : NaN));
  const first = firstToken[row] - sent[row];
  const usual = quantile(later, 0.5);
  return later.length >= FEWEST && first > TIMES * usual ? { first, usual } : null;
}
