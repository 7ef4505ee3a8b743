import * as aq from "arquero";
import { type Spread, spreadOf } from "./overhead.ts";

/** What the client of a recorded live run did to the times that it measured. Shape (n), seconds. */
export interface NamedClientTimes {
  readonly name: string;
  readonly client: {
    /** Between the instant a request was due and its estimate. */
    readonly late: Float64Array;
    /** Time to first token at the client, less that by the server's own clock. */
    readonly overhead: Float64Array;
  };
}

/**
 * The client's own share in the times of recorded live runs. Columns: `run`, and median and P99 of its
 * lateness and of its overhead with the server's front end, all in milliseconds.
 */
export function clientTimesTable(runs: readonly NamedClientTimes[]): aq.ColumnTable {
  const ms = (seconds: number) => 1000 * seconds;
  return aq.from(runs.map(({ name, client }) => {
    const late: Spread = spreadOf(client.late);
    const overhead: Spread = spreadOf(client.overhead);
    return {
      run: name,
      "late P50": ms(late.p50),
      "late P99": ms(late.p99),
      "front end and client P50": ms(overhead.p50),
      "front end and client P99": ms(overhead.p99),
    };
  }));
}
