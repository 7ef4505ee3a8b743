import * as z from "zod";
import type { PolicyDefinition } from "./policy.ts";
import { tierPolicy } from "./tier-policy.ts";

const Options = z.strictObject({});

/** Priority: the most urgent tier that waits, first in first out within it. No ageing. */
export const priority: PolicyDefinition<typeof Options> = {
  name: "priority",
  title: "Priority",
  options: Options,
  create: (view) => tierPolicy(view, ({ queues }) => queues.findIndex(({ size }) => size > 0)),
  rank: (view) => (request) => view.tier[request],
};
