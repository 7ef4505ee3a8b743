import { log } from "../math/log.ts";
import type { Random } from "./substream.ts";

/** Exponential with mean 1. */
export function exponential(random: Random): number {
  return -log(1 - random.next());
}
