import Papa from "papaparse";
import { endOfJson, parsePythonJson } from "../../../errors/parse-json.ts";
import { delimiterOf } from "./delimiter.ts";

/** Bytes of a file that recognising its format may look at. */
export const HEAD_BYTES = 65_536;

/** The beginning of a file, unpacked and decoded. */
export interface Head {
  /** Up to {@link HEAD_BYTES}, as they are: what is no text is known by its first ones. */
  readonly bytes: Uint8Array;
  /** Up to {@link HEAD_BYTES}, without byte order marks, line ends as `\n`. */
  readonly text: string;
  /** Whether `text` is the whole file. */
  readonly whole: boolean;
  /** Cells of the first line, between commas, semicolons or tabs; none where it is no such table. */
  readonly header: readonly string[];
  /**
   * The first value where the text is JSON, on one line or over several: of an array its first
   * element. A value that is longer than the text is there as far as the text goes: what comes later
   * is missing, and what the text ends in may be cut. Undefined where it is no JSON.
   */
  readonly json: unknown;
  /** Whether the text is a JSON array, whose elements are rows. */
  readonly isArray: boolean;
}

/** Decodes the beginning of a file; bytes that are no UTF-8 do not matter yet. */
export function headOf(bytes: Uint8Array, whole: boolean): Head {
  const head = bytes.subarray(0, HEAD_BYTES);
  const text = new TextDecoder().decode(head)
    .replace(/^\ufeff+/, "").replace(/\r\n?/g, "\n");
  const [first] = text.split("\n", 1);
  const start = text.search(/\S/);
  const isJson = /[{[]/.test(text[start] ?? "");
  const isArray = text[start] === "[";
  const isWhole = whole && bytes.length <= HEAD_BYTES;
  return {
    bytes: head,
    text,
    whole: isWhole,
    header: isJson
      ? []
      : Papa.parse<string[]>(first, { delimiter: delimiterOf(first) }).data[0] ?? [],
    json: isJson ? firstValue(text, isArray ? start + 1 : start, isWhole) : undefined,
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

/**
 * The JSON value that begins at or after `from`; undefined where there is none. Where the text is not
 * whole and ends first, as much of the value as there is.
 */
function firstValue(text: string, from: number, whole: boolean): unknown {
  const start = text.slice(from).search(/\S/) + from;
  const end = endOfJson(text, start);
  const value = text.slice(start, end);
  return parsed(value) ?? (whole || end < text.length ? undefined : cutValue(value));
}

function parsed(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    return undefined;
  }
}

/** A value whose end is missing, closed where it stops or, where that makes no JSON, a member before. */
function cutValue(text: string): unknown {
  const open: string[] = [];
  let inString = false;
  let last = { at: 0, closing: "" };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (inString) {
      if (sign === "\\") at++;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === "{") open.push("}");
    else if (sign === "[") open.push("]");
    else if (sign === "}" || sign === "]") open.pop();
    else if (sign === ",") last = { at, closing: open.toReversed().join("") };
  }
  const closing = open.toReversed().join("");
  // A string may end in half of an escape.
  const bare = inString ? `${text.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, "")}"` : text;
  return parsed(`${bare}${closing}`) ?? parsed(`${text.slice(0, last.at)}${last.closing}`);
}
