const view = new DataView(new ArrayBuffer(8));

/** The least double above `value`, which is not negative and finite. */
export function nextAfter(value: number): number {
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return view.getFloat64(0);
}
