import * as z from "zod";
import type { Policy, PolicyDefinition, PolicyView } from "./policy.ts";
import { singleQueue } from "./single-queue.ts";

const Options = z.strictObject({});

/**
 * SJF: the smallest total token budget as estimated on admission, ties by arrival, then by order
 * of entry. The estimate is not renewed while the request waits.
 */
export const sjf: PolicyDefinition<typeof Options> = {
  name: "sjf",
  title: "SJF",
  options: Options,
  create(view: PolicyView): Policy {
    return singleQueue((request) => view.totalBudget[request], (request) => view.queuedAt[request]);
  },
  // Servers take whole numbers only; an estimate need not be one.
  rank: (view) => (request) => Math.round(view.totalBudget[request]),
};
