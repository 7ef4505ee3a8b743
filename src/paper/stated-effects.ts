import type { StatedEffect } from "../analysis/effect-against-baseline.ts";
import { C3, C4 } from "./claims/sjf-latency.ts";

/** What the paper states of a policy's latency against FIFO: the numbers of its claims C3 and C4. */
export const PAPER_EFFECTS: readonly StatedEffect[] = [
  { policy: "sjf", metric: "p50", effect: C3.paper! },
  { policy: "sjf", metric: "p99", effect: C4.paper! },
];
