type Column = Uint8Array | Uint16Array | Int32Array | Float64Array;

/**
 * The lists of `rows`, one after the other: where each begins, and the places at which their values
 * stand now. Shapes (rows + 1) and (values).
 */
export function gatherLists(
  offsets: Int32Array,
  rows: Int32Array,
): { readonly offsets: Int32Array; readonly places: Int32Array } {
  const taken = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => taken[i + 1] = taken[i] + offsets[row + 1] - offsets[row]);
  const places = new Int32Array(taken[rows.length]);
  rows.forEach((row, i) => {
    for (let at = taken[i]; at < taken[i + 1]; at++) places[at] = offsets[row] + at - taken[i];
  });
  return { offsets: taken, places };
}

/** The values of a column at `places`, in a column of the same type. */
export function gather<T extends Column>(column: T, places: Int32Array): T {
  const taken = new (column.constructor as new (length: number) => T)(places.length);
  for (let i = 0; i < places.length; i++) taken[i] = column[places[i]];
  return taken;
}
