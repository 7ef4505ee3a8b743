const view = new DataView(new ArrayBuffer(8));

/** Place of a double among all doubles in order. */
function place(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits;
}

/** How many doubles lie between two, the second one counted. */
export function ulpsBetween(a: number, b: number): number {
  const difference = place(a) - place(b);
  return Number(difference < 0n ? -difference : difference);
}
