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

/** A string of JSON, or one of the numbers that Python writes and JSON has not. */
const STRING_OR_PYTHON = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\bInfinity\b|\bNaN\b/gs;

/**
 * A JSON document as Python's `json` writes it: `Infinity` and `-Infinity` are numbers, `NaN` is null.
 * Throws what `JSON.parse` throws.
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/Infinity|NaN/.test(text)) throw error;
    return JSON.parse(text.replace(STRING_OR_PYTHON, (found) => {
      if (found.startsWith('"')) return found;
      // A number that no double holds is read as infinite.
      return found === "NaN" ? "null" : found.startsWith("-") ? "-1e999" : "1e999";
    }));
  }
}

/** A value of a file that holds several, and the line at which it begins, from 1. */
export interface JsonDocument {
  readonly value: unknown;
  readonly row: number;
}

/**
 * The values of a document that is one JSON value, or several behind each other where tools append;
 * numbers may be Python's. `parse` makes a value of the text of one. Throws an InputError that names the line of what is no JSON.
 */
export function parseJsonDocuments(
  text: string,
  file: string,
  parse: (text: string) => unknown = parsePythonJson,
): JsonDocument[] {
  const documents: JsonDocument[] = [];
  let row = 1;
  for (let at = 0;;) {
    const start = text.slice(at).search(/\S/) + at;
    if (start < at) break;
    row += lineEnds(text, at, start);
    const end = endOfJson(text, start);
    try {
      documents.push({ value: parse(text.slice(start, end)), row });
    } catch (error) {
      const [why] = (error as Error).message.split("\n", 1);
      const value = text.slice(start, start + 200).split("\n", 1)[0];
      throw new InputError({ file, row, value, expected: `JSON: ${why}` });
    }
    row += lineEnds(text, start, end);
    at = end;
  }
  if (documents.length === 0) throw new InputError({ file, expected: "JSON: the file is empty" });
  return documents;
}

function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) {
    count++;
  }
  return count;
}

const [QUOTE, BACKSLASH] = ['"', "\\"].map((each) => each.charCodeAt(0));
const OPENING = new Set(Array.from("{[", (each) => each.charCodeAt(0)));
const CLOSING = new Set(Array.from("}]", (each) => each.charCodeAt(0)));

/**
 * Index behind the object or array that begins at `start`: where its brackets are even, strings left
 * aside. The length of the text where they never are, and for any other value.
 */
export function endOfJson(text: string, start: number): number {
  if (!OPENING.has(text.charCodeAt(start))) return text.length;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at++; at < text.length && text.charCodeAt(at) !== QUOTE; at++) {
        if (text.charCodeAt(at) === BACKSLASH) at++;
      }
    } else if (OPENING.has(code)) depth++;
    else if (CLOSING.has(code) && --depth === 0) return at + 1;
  }
  return text.length;
}
