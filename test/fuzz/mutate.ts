import { concatenated } from "../../src/collections/concatenated.ts";
import { type Random, uniformInt, weightedIndex } from "../../src/random/substream.ts";

/** A change of some bytes; a few more of the same kind may be taken from `other`. */
type Change = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

export const pick = <T>(random: Random, values: readonly T[]): T =>
  values[uniformInt(random, values.length)];

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const bytesOf = (text: string) => encoder.encode(text);

/** No mutated input is larger. */
const LARGEST = 256 * 1024;

/** Words that stand where a value should: numbers at every limit, texts of other alphabets, code. */
export const HOSTILE = [
  ...["", " ", "0", "-0", "-1", "1.5", "1e309", "-1e309", "1e-400", "NaN", "nan", "Infinity"],
  ...["2147483647", "2147483648", "4294967296", "3000000000", "9007199254740993"],
  ...["9".repeat(400), "0x1f", "1_000", "00012", "1,5", "١٢", "１２", "null", "true", "None"],
  ...["\u0000", "\ufeff", "\u2028", "\ud800", "💥", "e\u0301", "\u202eabc", "=1+1", "__proto__"],
  ...["<script>alert(1)</script>", "${x}", "%s%n", "../../etc/passwd", "x".repeat(3000)],
  ...["9999-12-31T23:59:59Z", "1969-12-31", "24:00:00", "2024-02-30T00:00:00+99:99"],
];

const PARTS = [
  ...['"', '""', "'", ",", ";", "\t", "\n", "\r", "\r\n", "\n\n", "\ufeff", "\u0000", "\\", "{"],
  ...[
    "}",
    "[",
    "]",
    ":",
    "data: ",
    "\n\ndata: ",
    "[DONE]",
    "0\r\n\r\n",
    "<",
    ">",
    "&amp;",
    "\u001b[",
  ],
];

const JSON_VALUES = [
  ...["NaN", "1e309", "-1e309", "-1", "-0", "1.5", "0", "null", "true", "{}", "[]", '""', '"x"'],
  ...["2147483648", "3000000000", "9007199254740993", "1e-400", "9".repeat(400), '"\\u0000"'],
  ...['"\\ud800"', '{"__proto__":1}', "[[[[[[1]]]]]]", '"9"', '"NaN"', '"-1"', "[".repeat(200)],
  `"${"y".repeat(3000)}"`,
];
const SCALAR = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|"(?:[^"\\]|\\.)*"|true|false|null/g;

/** A change of text, of which bytes that are none become replacement characters. */
const text =
  (change: (text: string, random: Random, other: string) => string): Change =>
  (bytes, random, other) => bytesOf(change(decoder.decode(bytes), random, decoder.decode(other)));

const lines = (change: (rows: string[], random: Random, other: string[]) => string[]): Change =>
  text((whole, random, other) => change(whole.split("\n"), random, other.split("\n")).join("\n"));

/** Swaps, replaces or drops cells of one row, of whatever separator. */
const cells = (change: (cells: string[], random: Random) => string[]): Change =>
  lines((rows, random) => {
    const at = uniformInt(random, rows.length);
    const separator = [",", "\t", ";", " "].find((each) => rows[at].includes(each)) ?? ",";
    return rows.with(at, change(rows[at].split(separator), random).join(separator));
  });

const CHANGES: readonly (readonly [weight: number, Change])[] = [
  [4, (bytes, random) => {
    const changed = bytes.slice();
    for (let count = 1 + uniformInt(random, 4); count > 0 && bytes.length > 0; count--) {
      changed[uniformInt(random, bytes.length)] = uniformInt(random, 256);
    }
    return changed;
  }],
  [3, (bytes, random) => bytes.slice(0, uniformInt(random, bytes.length + 1))],
  [1, (bytes, random) => bytes.slice(uniformInt(random, bytes.length + 1))],
  [3, (bytes, random) => {
    const from = uniformInt(random, bytes.length + 1);
    const to = Math.min(bytes.length, from + 1 + uniformInt(random, 40));
    return concatenated([bytes.slice(0, from), bytes.slice(to)]);
  }],
  [2, (bytes, random) => {
    const from = uniformInt(random, bytes.length + 1);
    const part = bytes.slice(from, from + 1 + uniformInt(random, 200));
    const times = pick(random, [1, 1, 2, 50]);
    return concatenated([bytes.slice(0, from), ...Array(times).fill(part), bytes.slice(from)]);
  }],
  [2, (bytes, random, other) => {
    const from = uniformInt(random, bytes.length + 1);
    const at = uniformInt(random, other.length + 1);
    return concatenated([bytes.slice(0, from), other.slice(at)]);
  }],
  [
    5,
    text((whole, random) => {
      const at = uniformInt(random, whole.length + 1);
      return whole.slice(0, at) + pick(random, PARTS) + whole.slice(at);
    }),
  ],
  [6, cells((row, random) => row.with(uniformInt(random, row.length), pick(random, HOSTILE)))],
  [
    2,
    cells((row, random) => {
      const [a, b] = [uniformInt(random, row.length), uniformInt(random, row.length)];
      return row.with(a, row[b]).with(b, row[a]);
    }),
  ],
  [1, cells((row, random) => row.toSpliced(uniformInt(random, row.length), 1))],
  [2, lines((rows, random) => rows.toSpliced(uniformInt(random, rows.length), 1))],
  [
    2,
    lines((rows, random, other) =>
      rows.toSpliced(uniformInt(random, rows.length), 0, pick(random, other))
    ),
  ],
  [
    2,
    lines((rows, random) => {
      const [a, b] = [uniformInt(random, rows.length), uniformInt(random, rows.length)];
      return rows.with(a, rows[b]).with(b, rows[a]);
    }),
  ],
  [
    10,
    text((whole, random) => {
      const target = uniformInt(random, whole.match(SCALAR)?.length ?? 1);
      const value = pick(random, JSON_VALUES);
      let seen = 0;
      return whole.replace(SCALAR, (scalar) => seen++ === target ? value : scalar);
    }),
  ],
  [
    2,
    text((whole, random) => {
      const found = whole.match(SCALAR) ?? ["0"];
      const [from, to] = [uniformInt(random, found.length), uniformInt(random, found.length)];
      let seen = 0;
      return whole.replace(SCALAR, (scalar) => seen++ === to ? found[from] : scalar);
    }),
  ],
  [
    3,
    text((whole, random) =>
      pick(random, [
        () => whole.replaceAll("\n", "\r\n"),
        () => whole.replaceAll("\n", "\r"),
        () => `\ufeff${whole}`,
        () => `${whole}\n\n`,
        () => whole.replaceAll(",", ";"),
        () => whole.replaceAll('"', "'"),
        () => whole.toUpperCase(),
        () => whole + whole,
      ])()
    ),
  ],
];

/** Some bytes with one to five changes, one after the other. */
export function mutated(bytes: Uint8Array, random: Random, other = bytes): Uint8Array {
  let changed = bytes;
  for (let count = 1 + uniformInt(random, pick(random, [1, 2, 5])); count > 0; count--) {
    const [, change] = CHANGES[weightedIndex(random, CHANGES.map(([weight]) => weight))];
    changed = change(changed, random, other).slice(0, LARGEST);
  }
  return changed;
}
