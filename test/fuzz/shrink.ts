import { concatenated } from "../../src/collections/concatenated.ts";

/** When an input is small enough, or it has been tried for long enough. */
export interface ShrinkLimits {
  /** Inputs that are tried at most. @default 2000 */
  readonly tries?: number;
  /** Milliseconds that are spent at most. @default 15000 */
  readonly milliseconds?: number;
}

/**
 * The smallest input that can be found by leaving parts out, and then by putting plain letters in the
 * place of others, that is still `bad`. Parts get smaller as long as leaving them out does not help.
 */
export async function shrunk(
  bytes: Uint8Array,
  bad: (bytes: Uint8Array) => Promise<boolean>,
  { tries = 2000, milliseconds = 15_000 }: ShrinkLimits = {},
): Promise<Uint8Array> {
  const until = performance.now() + milliseconds;
  let left = tries;
  const isBad = async (candidate: Uint8Array) => {
    if (left-- <= 0 || performance.now() > until) return false;
    return await bad(candidate);
  };
  let smallest = bytes;
  for (let part = Math.ceil(bytes.length / 2); part >= 1; part = part > 1 ? part >> 1 : 0) {
    for (let from = 0; from < smallest.length;) {
      const without = concatenated([smallest.slice(0, from), smallest.slice(from + part)]);
      if (await isBad(without)) smallest = without;
      else from += part;
    }
  }
  for (let at = 0; at < smallest.length; at++) {
    if (smallest[at] === 0x61) continue;
    const plainer = smallest.with(at, 0x61);
    if (await isBad(plainer)) smallest = plainer;
  }
  return smallest;
}
