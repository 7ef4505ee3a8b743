import type { Run } from "../runs/run.ts";

/** A run of one of several variants that serve the same requests. */
export interface VariantRun {
  /** What variants are compared within: a load, a trace. */
  readonly setting: string;
  /** What differs: a policy, a flag. */
  readonly variant: string;
  /** Runs of one setting and seed serve the same requests. */
  readonly seed: number;
  readonly run: Run;
}

/** Runs by setting, then by variant, in order of first appearance. */
export function bySetting(
  runs: readonly VariantRun[],
): readonly { readonly setting: string; readonly variants: Map<string, VariantRun[]> }[] {
  return [...Map.groupBy(runs, ({ setting }) => setting)].map(([setting, of]) => ({
    setting,
    variants: Map.groupBy(of, ({ variant }) => variant),
  }));
}
