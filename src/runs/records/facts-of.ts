import type { Fact } from "./record.ts";

/** Levels of a document that are kept; what is deeper is of no use to a reader. */
const DEEPEST = 6;

/** A value of a JSON document as a plain fact; what is none (a function of another reader, say) is null. */
export function factOf(value: unknown, depth = 0): Fact {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "object" || depth === DEEPEST) return null;
  if (Array.isArray(value)) return value.map((each) => factOf(each, depth + 1));
  return factsOf(value as Readonly<Record<string, unknown>>, depth + 1);
}

/** The members of an object as plain facts. */
export function factsOf(
  object: Readonly<Record<string, unknown>>,
  depth = 0,
): Readonly<Record<string, Fact>> {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, factOf(value, depth)]),
  );
}

/** One result as it is, several by their number in the file, from 1. */
export function numbered(
  results: readonly Readonly<Record<string, Fact>>[],
): Readonly<Record<string, Fact>> {
  if (results.length === 1) return results[0];
  return Object.fromEntries(results.map((facts, at) => [`result ${at + 1}`, facts]));
}
