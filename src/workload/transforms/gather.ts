type Column = Uint8Array | Uint16Array | Int32Array | Float64Array;

/** The values of a column at `places`, in a column of the same type. */
export function gather<T extends Column>(column: T, places: Int32Array): T {
  const taken = new (column.constructor as new (length: number) => T)(places.length);
  for (let i = 0; i < places.length; i++) taken[i] = column[places[i]];
  return taken;
}
