import type { Labels } from "../workload.ts";

/**
 * A label column made of another: row i gets `names[target[code of row i]]`.
 *
 * @param target shape (names of `labels`), values index `names`, at most 65,536 of them
 */
export function relabel(
  labels: Labels,
  target: ArrayLike<number>,
  names: readonly string[],
): Labels {
  const { length } = labels.codes;
  const codes = names.length <= 0x100 ? new Uint8Array(length) : new Uint16Array(length);
  for (let i = 0; i < length; i++) codes[i] = target[labels.codes[i]];
  return { codes, names };
}
