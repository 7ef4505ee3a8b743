/** Reads what stands at a path of a row; undefined where nothing does. */
export type ReadPath = (row: object) => unknown;

/**
 * A reader of the value at a path into nested objects and arrays, `usage.prompt_tokens`,
 * `choices.0.finish_reason`. A key may have dots itself, `gen_ai.usage.input_tokens`: the longest key
 * that is there is tried first, at every level.
 */
export function jsonPath(path: string): ReadPath {
  if (!path.includes(".")) return (row) => own(row, path);
  // Rows mostly have one shape: the way that led to the last value is tried before all others.
  let way: readonly string[] = [path];
  return (row) => {
    const direct = own(row, path);
    if (direct !== undefined) return direct;
    let value: unknown = row;
    for (const key of way) value = own(value, key);
    if (value !== undefined) return value;
    const found = find(row, path);
    if (found === undefined) return undefined;
    way = found;
    value = row;
    for (const key of way) value = own(value, key);
    return value;
  };
}

function own(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** The keys that lead to the value at a path. */
function find(value: unknown, path: string): string[] | undefined {
  if (own(value, path) !== undefined) return [path];
  for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
    const key = path.slice(0, dot);
    const inner = own(value, key);
    const rest = typeof inner === "object" ? find(inner, path.slice(dot + 1)) : undefined;
    if (rest !== undefined) return [key, ...rest];
  }
}
