/** A copy without keys whose value is undefined: JSON has no such value, and neither has a file. */
export function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([key, part]) => [key, defined(part)]));
}

/**
 * An object as JSON with one line an entry, so that a difference of two files names its column; the
 * entries of `groups` are written so too.
 */
export function columnLines(file: object, groups: readonly unknown[]): string {
  const lines = (entries: object, text: (value: object) => string): string => {
    const shown = Object.entries(entries).filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${JSON.stringify(key)}: ${text(value)}`);
    return `{\n${shown.join(",\n")}\n}`;
  };
  const text = lines(
    file,
    (value) => groups.includes(value) ? lines(value, JSON.stringify) : JSON.stringify(value),
  );
  return `${text}\n`;
}
