/** A copy of a column with room for `length` values, those after the old ones 0. */
export function widened<Column extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  column: Column,
  length: number,
): Column {
  const wider = new (column.constructor as new (length: number) => Column)(length);
  wider.set(column);
  return wider;
}
