import { InputError } from "../errors/input-error.ts";
import { phaseEnd, type Workload } from "../workload/workload.ts";

/** A stretch of rows. */
interface Rows {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
}

/**
 * Refuses arrivals that an engine would wait for without end: not finite, before the start of their
 * clock, or before the request above them. Throws an InputError that names the row, from 1.
 */
export function assertArrivals(arrival: Float64Array, { first, end }: Rows): void {
  let earliest = 0;
  for (let row = first; row < end; row++) {
    const value = arrival[row];
    if (!(value >= earliest && value < Infinity)) {
      throw new InputError({
        ...{ file: "workload", row: row + 1, field: "arrival", value },
        expected: "finite seconds since the start, not before the request above it",
      });
    }
    earliest = value;
  }
}

/** Refuses answers of no token: an engine would wait for their first one. As above. */
export function assertAnswers(outputTokens: Int32Array): void {
  const row = outputTokens.findIndex((tokens) => tokens < 1);
  if (row < 0) return;
  throw new InputError({
    ...{ file: "workload", row: row + 1, field: "outputTokens", value: outputTokens[row] },
    expected: "at least 1 token",
  });
}

/** Refuses a workload, by hand or by a faulty generator, that no engine could serve to its end. */
export function assertServable({ requests, truth }: Workload): void {
  requests.phases.forEach(({ first }, phase) =>
    assertArrivals(requests.arrival, { first, end: phaseEnd(requests, phase) })
  );
  assertAnswers(truth.outputTokens);
}
