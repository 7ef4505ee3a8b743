import { variance } from "../../statistics/moments.ts";

/** Standard deviation between logs of the same server, in their own unit; 0 for one log. */
export function betweenLogs(slowness: readonly number[]): number {
  const n = slowness.length;
  return n > 1 ? Math.sqrt(variance(slowness) * n / (n - 1)) : 0;
}

/** How far apart the speeds of engines may be for one server to stand for them, percent. */
const ALIKE_PCT = 10;

/**
 * Says by how much engines of one server differ in speed, where they differ; null otherwise.
 *
 * @param logs by engine and start, with steps and slowness
 */
export function unlikeEngines(
  logs: readonly { engine?: string; steps: number; slower_pct: number }[],
): string | null {
  const engines = Map.groupBy(logs, ({ engine = "0" }) => engine);
  if (engines.size < 2) return null;
  const speeds = [...engines].map(([engine, of]) => {
    const steps = of.reduce((sum, each) => sum + each.steps, 0);
    return {
      engine,
      slower: of.reduce((sum, each) => sum + each.slower_pct * each.steps, 0) / steps,
    };
  }).sort((a, b) => a.slower - b.slower);
  const [fast, slow] = [speeds[0], speeds[speeds.length - 1]];
  const apart = 100 * ((100 + slow.slower) / (100 + fast.slower) - 1);
  if (apart <= ALIKE_PCT) return null;
  return `engine ${slow.engine} is ${
    apart.toFixed(0)
  } % slower than engine ${fast.engine}: the fit ` +
    "is of their typical speed, and fits none of the two";
}
