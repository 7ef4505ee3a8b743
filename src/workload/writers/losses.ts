import type { Labels, Requests } from "../workload.ts";
import type { TraceToWrite } from "./trace-writer.ts";

/** Names of a label column that a sentence lists. */
const LISTED = 4;

/** Parts of a trace that a format has a place for. */
export type Held =
  | "tenant"
  | "tier"
  | "category"
  | "session"
  | "model"
  | "promptBlocks"
  | "answers"
  | "measured"
  | "unserved";

/**
 * What a format cannot hold of a trace, a sentence each. Labels that say `default` of all rows, or
 * nothing, are no loss.
 *
 * @param held what the format has a place for
 * @param extra columns of `extra` that it has a place for
 */
export function lossesOf(
  { workload: { requests, truth }, measured, unserved }: TraceToWrite,
  held: readonly Held[],
  extra: readonly string[] = [],
): string[] {
  const lost: string[] = [];
  for (const name of ["tenant", "tier", "category", "session", "model"] as const) {
    const labels = requests[name];
    if (labels === undefined || held.includes(name)) continue;
    const used = usedNames(labels);
    if (used.every((each) => each === "default" || each === "")) continue;
    const more = used.length > LISTED ? ", …" : "";
    lost.push(`${name}: ${used.length} (${used.slice(0, LISTED).join(", ")}${more})`);
  }
  if (!isOneCap(requests.maxTokens)) lost.push("max_tokens: caps differ between requests");
  if (requests.promptWords) lost.push("words of prompts");
  if (truth.outputWords) lost.push("words of answers");
  if (requests.promptText) lost.push("text of prompts");
  if (requests.promptBlocks && !held.includes("promptBlocks")) {
    lost.push("prompt blocks: what prompts share");
  } else if (
    !held.includes("answers") && requests.promptBlocks?.answers?.some((id) => id >= 0)
  ) {
    lost.push("that later prompts hold earlier answers");
  }
  const further = Object.keys(requests.extra ?? {}).filter((name) => !extra.includes(name));
  if (further.length > 0) lost.push(`further columns: ${further.join(", ")}`);
  if (measured && !held.includes("measured")) {
    lost.push("measured times: of the answers there are lengths alone");
  }
  if (unserved && !held.includes("unserved")) {
    lost.push(`requests without an answer: ${unserved.requests.size}`);
  }
  if (requests.phases.length > 1) {
    lost.push(
      `phases: ${requests.phases.length} clocks become one, each phase after the last arrival ` +
        "before it, whenever the queue is empty",
    );
  }
  return lost;
}

/** Arrivals on one clock: a phase begins its wait after the last arrival of the one before. */
export function onOneClock({ arrival, phases }: Requests): Float64Array {
  if (phases.length === 1) return arrival;
  const times = Float64Array.from(arrival);
  for (let phase = 1; phase < phases.length; phase++) {
    const { first, afterDrainSeconds } = phases[phase];
    const start = times[first - 1] + afterDrainSeconds;
    const end = phases[phase + 1]?.first ?? times.length;
    for (let row = first; row < end; row++) times[row] += start;
  }
  return times;
}

/** Requests with arrivals on one clock that ticks `perSecond` times a second, still in seconds. */
export function ticking<R extends Requests>(requests: R, perSecond: number): R {
  const arrival = onOneClock(requests).map((time) => Math.round(time * perSecond) / perSecond);
  return { ...requests, arrival };
}

/** A sentence where times are finer than `unit` of `perSecond` a second. */
export function coarserTimes(
  times: Float64Array,
  perSecond: number,
  unit: string,
): readonly string[] {
  const finer = times.some((time) => {
    const ticks = time * perSecond;
    return Math.abs(ticks - Math.round(ticks)) > 1e-6 * Math.max(1, ticks * 1e-6);
  });
  return finer ? [`times finer than a ${unit}: rounded to it`] : [];
}

/** Names that a row has, in the order of the names. */
export function usedNames({ codes, names }: Labels): string[] {
  const used = new Uint8Array(names.length);
  for (const code of codes) used[code] = 1;
  return names.filter((_, code) => used[code] === 1);
}

/** Whether all rows are of one name `default`: what a reader assumes where a file has none. */
export function isDefault(labels: Labels): boolean {
  return usedNames(labels).every((name) => name === "default");
}

function isOneCap(caps: Int32Array): boolean {
  return caps.every((cap) => cap === caps[0]);
}
