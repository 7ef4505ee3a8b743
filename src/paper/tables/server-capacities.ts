import * as aq from "arquero";
import { stressRate } from "../load-grid.ts";
import type { MeasuredServer } from "../rate-servers.ts";
import type { PaperWorkloadInput } from "../workload.ts";

/**
 * The capacity of each server beside the load that a workload's stress phase offers it. Columns:
 * `server`, `requests a second`, `low`, `high`, and the offered load as a multiple of the capacity, as
 * text.
 */
export function serverCapacities(
  servers: readonly MeasuredServer[],
  workload: PaperWorkloadInput = {},
): aq.ColumnTable {
  const offered = stressRate(workload);
  return aq.from(servers.map(({ name, interval: { effect, low, high } }) => ({
    server: name,
    "requests a second": effect,
    low,
    high,
    "load of the paper's stress phase": `${(offered / effect).toFixed(1)} × capacity`,
  })));
}
