type Column = Uint8Array | Uint16Array | Int32Array | Float64Array;

/**
 * Leaves the values of some rows in a column and gives the rest of its memory back; the column is of no
 * further use, and there is no second one of its size.
 *
 * @param rows in ascending order
 */
export function keepRows<T extends Column>(column: T, rows: Int32Array): T {
  if (rows.length === column.length) return column;
  for (let i = 0; i < rows.length; i++) column[i] = column[rows[i]];
  const buffer = (column.buffer as ArrayBuffer).transfer(rows.length * column.BYTES_PER_ELEMENT);
  return new (column.constructor as new (buffer: ArrayBuffer) => T)(buffer);
}
