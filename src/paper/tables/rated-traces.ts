import * as aq from "arquero";
import { arrivalRate } from "../../workload/statistics/arrivals.ts";
import type { RatedTrace } from "../rate-traces.ts";

/**
 * What is replayed, and what the server can do of it. Columns: `trace`, `requests`, `tenants`,
 * `categories`, `base estimate` (tokens), `requests a second recorded`, `capacity` (requests a
 * second), and how many times faster the trace is replayed to offer the server `load`.
 *
 * @param load multiple of the capacity
 */
export function ratedTraces(traces: readonly RatedTrace[], load: number): aq.ColumnTable {
  return aq.from(traces.map(({ trace, workload: { requests }, cap, capacity }) => ({
    trace,
    requests: requests.size,
    tenants: new Set(requests.tenant.codes).size,
    categories: new Set(requests.category.codes).size,
    "base estimate": cap,
    "requests a second recorded": arrivalRate(requests),
    capacity,
    [`times faster at load ${load}`]: load * capacity / arrivalRate(requests),
  })));
}
