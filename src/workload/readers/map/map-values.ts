/** An object with the same keys, and what `of` makes of the values; without those it makes nothing of. */
export function mapValues<K extends string, V, W>(
  object: Readonly<Partial<Record<K, V>>>,
  of: (value: V) => W | undefined,
): Partial<Record<K, W>> {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      const made = of(value as V);
      return made === undefined ? [] : [[key, made]];
    }),
  ) as Partial<Record<K, W>>;
}
