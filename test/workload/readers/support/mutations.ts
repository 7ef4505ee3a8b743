import fc from "fast-check";

/** A change of a text, as a value that fast-check can shrink. */
export type Mutation = (text: string) => string;

const HOSTILE_CELLS = [
  ...["", " ", "NaN", "nan", "Infinity", "-1", "1e309", "1e-400", "0x1f", "1_000", "١٢", "１２"],
  ...["1.5", "=1+1", "@x", "+3", "null", "\u0000", "\ufeff", "💥", "a\tb", '"', '""', '"a"', '"a'],
  ...["2147483648", "9".repeat(400), "x".repeat(5000), "__proto__", "1024", "1025", "0", "00012"],
];

const HOSTILE_PARTS = [...[
  '"',
  ",",
  "\n",
  "\r",
  "\r\n",
  "\n\n",
  "\ufeff",
  "\u0000",
  ";",
  "\\",
  "'",
]];

// Unbiased: fast-check's doubles are mostly tiny, and would hit little but the header.
const place = fc.noBias(fc.nat(9999)).map((n) => n / 10_000);

const lines = (change: (rows: string[]) => string[]): Mutation => (text) =>
  change(text.split("\n")).join("\n");

const cells = (change: (cells: string[]) => string[]): Mutation =>
  lines((rows) => rows.map((row) => change(row.split(",")).join(",")));

const at = <T>(list: readonly T[], where: number) => Math.floor(where * list.length);

const weighted = (weight: number, arbitrary: fc.Arbitrary<Mutation>) => ({ weight, arbitrary });

/** Cells replaced, parts inserted, characters dropped, rows and columns dropped, doubled, moved. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  weighted(
    12,
    fc.tuple(place, place, fc.constantFrom(...HOSTILE_CELLS)).map(([y, x, cell]): Mutation =>
      lines((rows) => {
        const row = rows[at(rows, y)].split(",");
        return rows.with(at(rows, y), row.with(at(row, x), cell).join(","));
      })
    ),
  ),
  weighted(
    4,
    fc.tuple(place, fc.constantFrom(...HOSTILE_PARTS)).map(([x, part]): Mutation => (text) => {
      const cut = Math.floor(x * text.length);
      return text.slice(0, cut) + part + text.slice(cut);
    }),
  ),
  weighted(
    6,
    fc.tuple(place, fc.integer({ min: 1, max: 30 })).map(([x, length]): Mutation => (text) => {
      const cut = Math.floor(x * text.length);
      return text.slice(0, cut) + text.slice(cut + length);
    }),
  ),
  weighted(3, place.map((y) => lines((rows) => rows.toSpliced(at(rows, y), 1)))),
  weighted(
    3,
    fc.tuple(place, place).map(([y, to]) =>
      lines((rows) => rows.toSpliced(at(rows, to), 0, rows[at(rows, y)]))
    ),
  ),
  weighted(
    3,
    fc.tuple(place, place).map(([y, to]) =>
      lines((rows) => rows.toSpliced(at(rows, y), 1).toSpliced(at(rows, to), 0, rows[at(rows, y)]))
    ),
  ),
  weighted(1, place.map((x) => cells((row) => row.toSpliced(at(row, x), 1)))),
  weighted(1, place.map((x) => cells((row) => row.toSpliced(at(row, x), 0, row[at(row, x)])))),
  weighted(
    3,
    place.map((x) => cells((row) => [...row.slice(at(row, x)), ...row.slice(0, at(row, x))])),
  ),
  weighted(2, place.map((x): Mutation => (text) => text.slice(0, Math.floor(x * text.length)))),
  weighted(
    6,
    fc.constantFrom<Mutation>(
      (text) => text.replaceAll("\n", "\r\n"),
      (text) => text.replaceAll("\n", "\r"),
      (text) => `\ufeff${text}`,
      (text) => `${text}\n\n`,
      (text) => text.replaceAll(",", ";"),
      (text) => text.replaceAll(/[^,\n]+/g, '"$&"'),
    ),
  ),
);

/** One to three mutations, applied one after the other. */
export const mutations: fc.Arbitrary<Mutation> = fc.array(mutation, { minLength: 1, maxLength: 3 })
  .map((list): Mutation => (text) => list.reduce((changed, change) => change(changed), text));

const HOSTILE_JSON = [
  ...["NaN", "1e309", "-1e309", "-1", "1.5", "0", "null", "true", "{}", "[]", '""', '"x"', '"-1"'],
  ...["2147483648", "9".repeat(400), '"=1+1"', '"\\u0000"', '"１２"', "[[1]]", '{"__proto__":1}'],
  ...["1e-400", "9007199254740993", '"NaN"', '"' + "y".repeat(5000) + '"'],
];
const SCALAR = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|"(?:[^"\\]|\\.)*"|true|false|null/g;

/** A scalar of a JSON text, a key at times, replaced by something else. */
const jsonMutation: fc.Arbitrary<Mutation> = fc.tuple(place, fc.constantFrom(...HOSTILE_JSON)).map(
  ([x, hostile]) => (text) => {
    const found = text.match(SCALAR)?.length ?? 0;
    const target = Math.floor(x * found);
    let seen = 0;
    return text.replace(SCALAR, (scalar) => seen++ === target ? hostile : scalar);
  },
);

/** {@link mutations} for files of JSON: scalars are replaced as often as all else happens. */
export const jsonMutations: fc.Arbitrary<Mutation> = fc.array(fc.oneof(jsonMutation, mutation), {
  minLength: 1,
  maxLength: 3,
}).map((list): Mutation => (text) => list.reduce((changed, change) => change(changed), text));
