import * as z from "zod";

/**
 * Column of instants in nanoseconds since 1970, as `time.time_ns()` gives them; 0 where a log has no
 * time. No double holds them: a JSON number is off by at most 128 ns, and a difference of two by at
 * most 256 ns.
 */
export function nanosecondsColumn(description: string) {
  return z.number().min(0).max(1e19).meta({ description, unit: "nanoseconds since 1970" });
}

/** Instants in nanoseconds as seconds since the first one that was asked for, so that none is rounded. */
export class NanosecondClock {
  #first: number | undefined;

  /** NaN for an instant that is absent or 0, which is none. */
  seconds(nanoseconds: number | null | undefined): number {
    if (!nanoseconds) return NaN;
    this.#first ??= nanoseconds;
    return (nanoseconds - this.#first) / 1e9;
  }

  /** What its seconds are counted from, for people; empty where it was not asked for an instant. */
  assumptions(): string[] {
    if (this.#first === undefined) return [];
    const date = new Date(this.#first / 1e6).toISOString();
    return [`the file's nanoseconds are counted in seconds from ${date}, to 0.3 µs`];
  }
}
