import * as z from "zod";
import type { Policy, PolicyDefinition, PolicyView } from "./policy.ts";
import { singleQueue } from "./single-queue.ts";

const Options = z.strictObject({});

/** FIFO: the earliest arrival over all tiers; equal arrivals in order of entry. */
export const fifo: PolicyDefinition<typeof Options> = {
  name: "fifo",
  title: "FIFO",
  options: Options,
  create(view: PolicyView): Policy {
    return singleQueue((request) => view.queuedAt[request]);
  },
  rank: () => () => 0,
};
