const view = new DataView(new ArrayBuffer(8));
const EXPONENT_BIAS = 1023;
const TWO_54 = 0x40000000000000;

/** 2^k for -1022 ≤ k ≤ 1023, exact. */
export function powerOfTwo(k: number): number {
  view.setUint32(0, (k + EXPONENT_BIAS) << 20);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/** A positive finite number as mantissa × 2^exponent with √½ < mantissa ≤ √2, exact. */
export interface Binary {
  readonly mantissa: number;
  readonly exponent: number;
}

/** Takes a positive finite number apart, subnormal ones too. */
export function splitBinary(x: number): Binary {
  const subnormal = x < 2 ** -1022;
  view.setFloat64(0, subnormal ? x * TWO_54 : x);
  const high = view.getUint32(0);
  view.setUint32(0, (high & 0xfffff) | (EXPONENT_BIAS << 20));
  const mantissa = view.getFloat64(0);
  const exponent = (high >>> 20) - EXPONENT_BIAS - (subnormal ? 54 : 0);
  return mantissa > Math.SQRT2
    ? { mantissa: mantissa / 2, exponent: exponent + 1 }
    : { mantissa, exponent };
}
