import { Registry } from "../../registry/registry.ts";
import { leastOpen } from "./least-open.ts";
import type { RouterDefinition } from "./router.ts";

/** Every router. A new one is one file and one line here. */
export const ROUTERS = new Registry<RouterDefinition>("router", [leastOpen]);
