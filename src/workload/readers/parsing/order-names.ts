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

/** Names that are numbers go by number, as tiers do, 0 being the most urgent; others stay as they were. */
export function orderByNumber({ codes, names }: Labels): Labels {
  if (!names.every((name) => /^\d+$/.test(name))) return { codes, names };
  const order = [...names.keys()].sort((a, b) => Number(names[a]) - Number(names[b]));
  const place = order.map((_, code) => order.indexOf(code));
  return {
    codes: codes.map((code: number) => place[code]),
    names: order.map((code) => names[code]),
  };
}
