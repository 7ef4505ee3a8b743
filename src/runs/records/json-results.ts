import { InputError } from "../../errors/input-error.ts";
import { parseJsonDocuments } from "../../errors/parse-json.ts";

/**
 * The objects of a file of JSON results: one, several behind each other, or those of an array. Throws an
 * InputError for anything else.
 *
 * @param what one of them, in words, for errors
 */
export function jsonResults(
  text: string,
  file: string,
  what: string,
): readonly Readonly<Record<string, unknown>>[] {
  const results = parseJsonDocuments(text, file)
    .flatMap(({ value, row }) =>
      (Array.isArray(value) ? value : [value]).map((each: unknown) => ({ value: each, row }))
    );
  if (results.length === 0) throw new InputError({ file, expected: `${what}: the file has none` });
  return results.map(({ value, row }) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
    throw new InputError({ file, row, value, expected: `${what}, a JSON object` });
  });
}
