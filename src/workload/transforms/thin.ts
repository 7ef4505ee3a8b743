import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { substream } from "../../random/substream.ts";
import type { Labels, Workload } from "../workload.ts";
import { keepRows } from "./keep-rows.ts";

/** What is kept of a workload. */
export const ThinOptions = z.strictObject({
  /** Probability with which each is kept. */
  keep: z.number().min(0).max(1),
  /**
   * What is kept or left out as a whole: requests; clients (tenants), whose own bursts then stay; or
   * sessions, whose turns stay together (a request of no session is one of its own).
   */
  by: z.enum(["request", "tenant", "session"]).default("request"),
  seed: z.int().default(1),
});
export type ThinOptions = z.input<typeof ThinOptions>;

/**
 * Keeps each request, or each client or session as a whole, with a probability, by seeded draws.
 * Thinning by request takes burstiness away with the load: a process of dispersion D becomes one of
 * 1 + keep·(D − 1). Time is not scaled, and phases keep their clocks.
 *
 * Each is drawn with one number, in order of first arrival (tenants: of the dictionary), so that
 * with one seed what is kept at 0.3 is among what is kept at 0.5. Throws an InputError for a
 * probability outside [0, 1], and by session for a workload that has none.
 *
 * @example
 * const half = workloads.thin(trace, { keep: 0.5, by: "tenant", seed: 3 });
 */
export function thin(workload: Workload, options: ThinOptions): Workload {
  const { keep, by, seed } = parseWith(ThinOptions, options, "thin options");
  const { size, tenant, session } = workload.requests;
  const random = substream(seed, `thin/${by}`);
  const drawn = () => random.next() < keep;
  const told = (kept: number) =>
    `thinned by ${by}, each kept with probability ${keep}, seed ${seed}: ${kept} of ${size} requests`;
  if (by === "request") return keepRows(workload, drawn, told);
  if (by === "tenant") {
    const stays = tenant.names.map(drawn);
    return keepRows(workload, (row) => stays[tenant.codes[row]], told);
  }
  if (session === undefined) {
    throw new InputError({
      file: "thin options",
      field: "by",
      value: by,
      expected: "request or tenant: the workload has no sessions",
    });
  }
  return keepRows(workload, bySession(session, drawn), told);
}

function bySession({ codes, names }: Labels, drawn: () => boolean): (row: number) => boolean {
  const stays = new Map<number, boolean>();
  return (row) => {
    const code = codes[row];
    if (names[code] === "") return drawn();
    let stay = stays.get(code);
    if (stay === undefined) stays.set(code, stay = drawn());
    return stay;
  };
}
