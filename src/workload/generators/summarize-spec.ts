/** Numbers in a row that provenance keeps; of longer columns it keeps their count and a checksum. */
const LONGEST = 256;

/**
 * A spec for provenance: the same value, without the bulk of long columns (replayed arrivals,
 * observed lengths), which their count, sum and ends stand for.
 */
export function summarizeSpec(spec: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec).map(([key, value]) => [key, summarize(value)]));
}

function summarize(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value) || (Array.isArray(value) && typeof value[0] === "number")) {
    const numbers = Array.from(value as ArrayLike<number>);
    return numbers.length <= LONGEST ? numbers : {
      n: numbers.length,
      sum: numbers.reduce((sum, each) => sum + each, 0),
      first: numbers[0],
      last: numbers.at(-1),
    };
  }
  return Array.isArray(value) ? value.map(summarize) : summarizeSpec(value);
}
