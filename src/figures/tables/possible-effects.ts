import { InputError } from "../../errors/input-error.ts";

/** Refuses a latency that falls by all of itself or more: nothing takes less than no time. */
export function refuseImpossibleEffects(
  figure: string,
  rows: readonly { readonly effect: number; readonly low: number | null }[],
): void {
  const impossible = rows.findIndex(({ effect, low }) => Math.min(effect, low ?? effect) <= -1);
  if (impossible < 0) return;
  throw new InputError({
    file: `table of figure ${figure}`,
    row: impossible + 2,
    field: "effect",
    value: rows[impossible].effect,
    expected: "a relative change above -1: nothing takes less than no time",
  });
}
