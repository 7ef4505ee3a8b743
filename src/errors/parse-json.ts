import { InputError } from "./input-error.ts";

/**
 * A JSON document; an InputError names the file and where it stops being JSON.
 *
 * @param what it should have been, for the error
 */
export function parseJson(text: string, file: string, what = "JSON"): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [why] = (error as Error).message.split("\n", 1);
    throw new InputError({ file, expected: `${what}: ${why}` });
  }
}

/**
 * The values of a document that is one JSON value, or one a line where tools append; blank lines do
 * not count.
 */
export function parseJsonDocuments(text: string, file: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    const lines = text.split("\n").flatMap((line, at) =>
      line.trim() === "" ? [] : [{ line, row: at + 1 }]
    );
    const several = lines.length > 1 && lines.every(({ line }) => /^\s*\{.*\}\s*$/.test(line));
    if (!several) return [parseJson(text, file)];
    return lines.map(({ line, row }) => {
      try {
        return JSON.parse(line);
      } catch {
        throw new InputError({ file, row, value: line, expected: "JSON" });
      }
    });
  }
}
