import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { exponential } from "../../../random/exponential.ts";
import { substream } from "../../../random/substream.ts";
import type { ReadContext } from "../trace-format.ts";

/** How the requests of a file without times arrive. */
export const ArrivalOptions = z.strictObject({
  /** Requests a second, as a Poisson process; absent: all at time 0, as vLLM's rate `inf`. */
  rate: z.number().positive().max(1e9).optional(),
  /** Of the arrivals. */
  seed: z.int().default(1),
});
export type ArrivalOptions = z.output<typeof ArrivalOptions>;

/** Throws an InputError where a rate was given for a file that has times: it would be ignored. */
export function refuseRate(
  { log, options: { rate } }: Pick<ReadContext<Partial<ArrivalOptions>>, "log" | "options">,
): void {
  if (rate === undefined) return;
  const expected = "no rate: the file has the times of its requests, and they are kept";
  throw new InputError({ file: log.source, field: "rate", value: rate, expected });
}

/** Arrivals of `size` requests (or conversations) in a file that has none, by the options; the log says which. */
export function assumedArrivals(
  size: number,
  { log, options: { rate, seed } }: Pick<ReadContext<ArrivalOptions>, "log" | "options">,
  what: "request" | "conversation" = "request",
): Float64Array {
  const arrival = new Float64Array(size);
  const of = what === "request" ? "" : " of them";
  if (rate === undefined) {
    log.assumptions.push(
      `every ${what} arrives at 0, because the file has no times${of}; the option rate gives Poisson ` +
        "arrivals",
    );
    return arrival;
  }
  log.assumptions.push(
    `Poisson arrivals of ${rate}${
      what === "request" ? "" : ` ${what}s`
    } a second, seed ${seed}, because the file has no times${of}`,
  );
  const random = substream(seed, "assumed-arrivals");
  let now = 0;
  for (let i = 0; i < size; i++) {
    now += exponential(random) / rate;
    arrival[i] = now;
  }
  return arrival;
}
