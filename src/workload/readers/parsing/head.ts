import Papa from "papaparse";

/** Bytes of a file that recognising its format may look at. */
export const HEAD_BYTES = 65_536;

/** The beginning of a file, unpacked and decoded. */
export interface Head {
  /** Up to {@link HEAD_BYTES}, without byte order marks, line ends as `\n`. */
  readonly text: string;
  /** Whether `text` is the whole file. */
  readonly whole: boolean;
  /** Cells of the first line, read as CSV; none where it is no CSV. */
  readonly header: readonly string[];
  /** The first line that is not blank as JSON; undefined where it is none. */
  readonly json: unknown;
}

/** Decodes the beginning of a file; bytes that are no UTF-8 do not matter yet. */
export function headOf(bytes: Uint8Array, whole: boolean): Head {
  const text = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES))
    .replace(/^\ufeff+/, "").replace(/\r\n?/g, "\n");
  const [first] = text.split("\n", 1);
  const line = /[^\s][^\n]*/.exec(text)?.[0] ?? "";
  return {
    text,
    whole: whole && bytes.length <= HEAD_BYTES,
    header: /[{[]/.test(line[0] ?? "")
      ? []
      : Papa.parse<string[]>(first, { delimiter: "," }).data[0] ?? [],
    json: jsonOf(line),
  };
}

/** Whether every one of `names` is a column of the header. */
export function hasColumns({ header }: Head, names: readonly string[]): boolean {
  return names.every((name) => header.includes(name));
}

/** Whether the first line is a JSON object with every one of `keys`. */
export function hasKeys({ json }: Head, keys: readonly string[]): boolean {
  return typeof json === "object" && json !== null && !Array.isArray(json) &&
    keys.every((key) => Object.hasOwn(json, key));
}

/** Whether the number at `key` in the first object is written with a fraction or an exponent. */
export function hasFraction({ text }: Head, key: string): boolean {
  const number = new RegExp(`"${key}"\\s*:\\s*(-?\\d[\\d.eE+-]*)`).exec(text)?.[1] ?? "";
  return /[.eE]/.test(number);
}

function jsonOf(line: string): unknown {
  if (!/^[{[]/.test(line)) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
