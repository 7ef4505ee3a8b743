import type { Labels } from "../../workload.ts";

/** A label column that says the same of all `size` rows. */
export function constantLabel(size: number, name = "default"): Labels {
  return { codes: new Uint8Array(size), names: [name] };
}
