import { Registry } from "../../registry/registry.ts";
import { fcfs } from "./fcfs.ts";
import { priority } from "./priority.ts";
import type { ServerPolicyDefinition } from "./server-policy.ts";

/** Every server policy. A new one is one file and one line here. */
export const SERVER_POLICIES = new Registry<ServerPolicyDefinition>("server policy", [
  fcfs,
  priority,
]);
