import type { Labels } from "../../workload.ts";

/**
 * The same labels with names in a known order: those of `order` first, as they stand there, then the
 * others as they were. Tiers are in order of urgency, and a file's first row need not be urgent.
 */
export function orderNames({ codes, names }: Labels, order: readonly string[]): Labels {
  const sorted = [
    ...order.filter((name) => names.includes(name)),
    ...names.filter((name) => !order.includes(name)),
  ];
  const place = names.map((name) => sorted.indexOf(name));
  return { codes: codes.map((code: number) => place[code]), names: sorted };
}
