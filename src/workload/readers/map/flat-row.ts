/** How deep objects are looked into. */
const DEPTH = 6;

/**
 * The values of an object of JSON by their paths, `usage.prompt_tokens`: into objects, and into the first
 * element of lists of objects.
 */
export function flatRow(row: object, prefix = "", depth = 0): [string, unknown][] {
  return Object.entries(row).flatMap(([key, value]): [string, unknown][] => {
    const path = `${prefix}${key}`;
    if (typeof value !== "object" || value === null || depth >= DEPTH) return [[path, value]];
    if (!Array.isArray(value)) return flatRow(value, `${path}.`, depth + 1);
    const [first] = value;
    return typeof first === "object" && first !== null
      ? flatRow(first, `${path}.0.`, depth + 1)
      : [[path, value]];
  });
}
