import Papa from "papaparse";
import { endOfJson, parsePythonJson } from "../../../errors/parse-json.ts";
import { delimiterOf } from "./delimiter.ts";

/** Bytes of a file that recognising its format may look at. */
export const HEAD_BYTES = 65_536;

/** The beginning of a file, unpacked and decoded. */
export interface Head {
  /** Up to {@link HEAD_BYTES}, without byte order marks, line ends as `\n`. */
  readonly text: string;
  /** Whether `text` is the whole file. */
  readonly whole: boolean;
  /** Cells of the first line, between commas, semicolons or tabs; none where it is no such table. */
  readonly header: readonly string[];
  /**
   * The first value where the text is JSON, on one line or over several: of an array its first
   * element. Undefined where it is no JSON, or where the value is longer than the text.
   */
  readonly json: unknown;
  /** Whether the text is a JSON array, whose elements are rows. */
  readonly isArray: boolean;
}

/** Decodes the beginning of a file; bytes that are no UTF-8 do not matter yet. */
export function headOf(bytes: Uint8Array, whole: boolean): Head {
  const text = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES))
    .replace(/^\ufeff+/, "").replace(/\r\n?/g, "\n");
  const [first] = text.split("\n", 1);
  const start = text.search(/\S/);
  const isJson = /[{[]/.test(text[start] ?? "");
  const isArray = text[start] === "[";
  return {
    text,
    whole: whole && bytes.length <= HEAD_BYTES,
    header: isJson
      ? []
      : Papa.parse<string[]>(first, { delimiter: delimiterOf(first) }).data[0] ?? [],
    json: isJson ? firstValue(text, isArray ? start + 1 : start) : undefined,
    isArray,
  };
}

/** Whether every one of `names` is a column of the header. */
export function hasColumns({ header }: Head, names: readonly string[]): boolean {
  return names.every((name) => header.includes(name));
}

/** Whether the first JSON value is an object with every one of `keys`. */
export function hasKeys({ json }: Head, keys: readonly string[]): boolean {
  return typeof json === "object" && json !== null && !Array.isArray(json) &&
    keys.every((key) => Object.hasOwn(json, key));
}

/** Whether the number at `key` in the first object is written with a fraction or an exponent. */
export function hasFraction({ text }: Head, key: string): boolean {
  const number = new RegExp(`"${key}"\\s*:\\s*(-?\\d[\\d.eE+-]*)`).exec(text)?.[1] ?? "";
  return /[.eE]/.test(number);
}

/** The JSON value that begins at or after `from`; undefined where it does not end in the text. */
function firstValue(text: string, from: number): unknown {
  const start = text.slice(from).search(/\S/) + from;
  try {
    return parsePythonJson(text.slice(start, endOfJson(text, start)));
  } catch {
    return undefined;
  }
}
