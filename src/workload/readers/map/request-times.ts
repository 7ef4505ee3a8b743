import type { RowProblem } from "../parsing/row-verdict.ts";
import type { ParsedMap } from "./column-map.ts";

/** Seconds by which times and durations that say the same may differ: two clocks of one machine. */
const AGREE = 0.01;

/** Columns in seconds, on one clock; absent: not in the file. NaN: not in this row. */
export interface KnownTimes {
  readonly arrival?: Float64Array;
  readonly sent?: Float64Array;
  readonly first?: Float64Array;
  readonly finish?: Float64Array;
  readonly ttft?: Float64Array;
  readonly e2e?: Float64Array;
  readonly tpot?: Float64Array;
  readonly output?: Int32Array;
  /** Instants that are whole seconds. */
  readonly whole: ReadonlySet<string>;
}

/** Seconds below which a double tells nanoseconds apart. */
const NANOSECONDS_TO = 4e6;

/**
 * A start by its end, to the nanosecond: what doubles round would put requests that came at once into
 * another order.
 */
function less(end: number, duration: number): number {
  const start = end - duration;
  return Math.abs(start) < NANOSECONDS_TO ? Math.round(start * 1e9) / 1e9 : start;
}

/** When things happened to one request, seconds; NaN where that is not known. */
export interface RequestTimes {
  arrival: number;
  sent: number;
  firstToken: number;
  finish: number;
}

/**
 * When requests arrived, were sent, got their first token and were done, out of the instants and
 * durations that a log has: a start is an end less a duration, an end a start and a duration. A row
 * whose columns contradict each other is refused.
 */
export class RequestTimesOf {
  /** Rows whose arrival is when they were sent. */
  #arrivalsSent = 0;
  /** Rows whose first token is said to come at once, or with the last of several. */
  #notStreamed = 0;
  readonly #known: KnownTimes;
  readonly #map: ParsedMap;
  readonly #fromSent: { readonly ttft: boolean; readonly e2e: boolean };

  constructor(known: KnownTimes, map: ParsedMap) {
    this.#known = known;
    this.#map = map;
    const counts = (target: "ttft" | "e2e") => {
      const from = map[target]?.[0].from;
      return from === "sent" || (from === undefined && map.sent !== undefined && !map.arrival);
    };
    this.#fromSent = { ttft: counts("ttft"), e2e: counts("e2e") };
  }

  /** Fills `into` with what is known of a row; what is wrong with it, if anything, is the result. */
  read(row: number, into: RequestTimes): RowProblem | undefined {
    const known = this.#known;
    const at = (column: Float64Array | undefined) => column === undefined ? NaN : column[row];
    const [ttft, e2e, tpot] = [at(known.ttft), at(known.e2e), at(known.tpot)];
    let [arrival, sent] = [at(known.arrival), at(known.sent)];
    let [first, finish] = [at(known.first), at(known.finish)];
    const fromSent = this.#fromSent;
    // A first token that came at once is how logs say that nobody saw one.
    const streamed = ttft !== 0;
    if (Number.isNaN(sent)) {
      if (fromSent.e2e) sent = less(finish, e2e);
      if (Number.isNaN(sent) && fromSent.ttft && streamed) sent = less(first, ttft);
    }
    if (Number.isNaN(arrival)) {
      if (!fromSent.e2e) arrival = less(finish, e2e);
      if (Number.isNaN(arrival) && !fromSent.ttft && streamed) arrival = less(first, ttft);
      if (Number.isNaN(arrival) && known.arrival === undefined && !Number.isNaN(sent)) {
        arrival = sent;
        this.#arrivalsSent++;
      }
    }
    const expectedFirst = (fromSent.ttft ? sent : arrival) + ttft;
    const expectedFinish = (fromSent.e2e ? sent : arrival) + e2e;
    const wrong = streamed && this.#contradiction("first", first, expectedFirst, ttft) ||
      this.#contradiction("finish", finish, expectedFinish, e2e);
    if (wrong) return wrong;
    if (Number.isNaN(first) && streamed) first = expectedFirst;
    if (Number.isNaN(finish)) finish = expectedFinish;
    const output = known.output === undefined ? NaN : known.output[row];
    if (Number.isNaN(finish)) finish = first + Math.max(output - 1, 0) * tpot;
    const start = Number.isNaN(sent) ? arrival : sent;
    const whole = known.whole.has("first");
    if (!streamed || (!whole && first === start) || (first === finish && output > 1)) {
      first = NaN;
      this.#notStreamed++;
    }
    into.arrival = arrival;
    into.sent = sent;
    into.firstToken = first;
    into.finish = finish;
  }

  /** What was made of the times of the rows that were read. */
  get assumptions(): string[] {
    const assumptions: string[] = [];
    if (this.#arrivalsSent > 0) {
      assumptions.push(
        `arrival: when the request was sent, in ${this.#arrivalsSent} rows, because the log says no more`,
      );
    }
    if (this.#notStreamed > 0) {
      assumptions.push(
        `first token: not known in ${this.#notStreamed} rows, where it is said to come at once or with ` +
          "the last one, as of answers that are not streamed",
      );
    }
    return assumptions;
  }

  /** Whether an end is where its start and the duration put it, as far as the columns can say. */
  #contradiction(
    end: "first" | "finish",
    given: number,
    expected: number,
    duration: number,
  ): RowProblem | undefined {
    const off = Math.abs(given - expected);
    // Any comparison with what is not known is false.
    if (!(off > AGREE)) return undefined;
    const [target, whole] = [end === "first" ? "ttft" as const : "e2e" as const, this.#known.whole];
    const coarse = whole.has(end) || whole.has("arrival") || whole.has("sent");
    if (off <= AGREE + (coarse ? 1 : 0)) return undefined;
    const start = this.#fromSent[target] ? "sent" : "arrival";
    return {
      field: this.#map[target]![0].column,
      value: duration,
      expected:
        `${end} less ${start}, ${Number((given - expected + duration).toFixed(6))} s: the map ` +
        `says one thing twice; leave ${target} or ${end} out of it, or correct a unit`,
    };
  }
}
