import { InputError } from "../../errors/input-error.ts";
import type { RequestSequence, ServerPolicy, ServerView } from "./server-policy.ts";

function refuse(what: string, value: unknown, expected: string): never {
  throw new InputError({ file: "server policy", field: what, value, expected });
}

/** The place in `running` of the sequence that `policy` preempts. */
export function victimOf(
  policy: ServerPolicy,
  running: RequestSequence,
  view: ServerView,
): number {
  const place = policy.victim(running, view);
  if (place >= 0 && place < running.size && (place | 0) === place) return place;
  return refuse("victim", place, `a place in running: 0 to ${running.size - 1}`);
}

/** The place in `running` of a sequence that yields to `head`; -1: none. */
export function yielderOf(
  policy: ServerPolicy,
  head: number,
  running: RequestSequence,
  view: ServerView,
): number {
  const place = policy.evicts!(head, running, view);
  if (place >= -1 && place < running.size && (place | 0) === place) return place;
  return refuse("evicts", place, `a place in running: 0 to ${running.size - 1}, or -1`);
}

/** Refuses a policy that asks for cached tokens and does not say so: engines would stop too rarely. */
export function assertReadsCache({ readsCache = false }: ServerPolicy): void {
  if (readsCache) return;
  refuse("readsCache", readsCache, "true: the policy asks for cached tokens");
}

/** For how many of `most` steps the policy's order cannot change, the present one included. */
export function stableStepsOf(policy: ServerPolicy, view: ServerView, most: number): number {
  const steps = policy.stableSteps(view);
  if (steps >= most) return most;
  if (steps >= 1) return Math.floor(steps);
  return refuse("stableSteps", steps, "a number >= 1; Infinity: it never changes by itself");
}
