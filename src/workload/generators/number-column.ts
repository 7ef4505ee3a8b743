import * as z from "zod";

/**
 * Schema of a column of numbers in a spec: an array, as JSON has them, or a typed array, as columns
 * of a workload are; each value has to pass `each`.
 */
export function numberColumn(each: z.ZodType<number>) {
  return z.union([
    z.array(z.number()),
    z.custom<Float64Array>((value) => value instanceof Float64Array),
    z.custom<Int32Array>((value) => value instanceof Int32Array),
  ], { error: "numbers: an array, Float64Array or Int32Array" })
    .check(({ value, issues }) => {
      if (value.length === 0) {
        issues.push({ code: "custom", input: value, message: "at least one number" });
      }
      for (let i = 0; i < value.length; i++) {
        const { success, error } = each.safeParse(value[i]);
        if (success) continue;
        const message = error.issues[0].message;
        issues.push({ code: "custom", path: [i], input: value[i], message });
        break;
      }
    });
}
export type NumberColumn = number[] | Float64Array | Int32Array;

/** Whether any number is below the one before it. */
export function falls(values: NumberColumn): boolean {
  return values.some((value, i) => i > 0 && value < values[i - 1]);
}

/** Whether every number is above the one before it. */
export function rises(values: NumberColumn): boolean {
  return !values.some((value, i) => i > 0 && value <= values[i - 1]);
}
