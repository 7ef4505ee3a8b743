import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { InputError } from "../../../../src/errors/input-error.ts";
import {
  countColumn,
  durationOrBlankColumn,
  instantColumn,
  labelColumn,
  optionalLabelColumn,
  secondsColumn,
  timesColumn,
  tokensColumn,
  tokensOrBlankColumn,
} from "../../../../src/workload/readers/parsing/columns.ts";
import { CsvReader, positions } from "../../../../src/workload/readers/parsing/csv-reader.ts";
import { TimeColumn } from "../../../../src/workload/readers/parsing/time-column.ts";
import { ReadLog } from "../../../../src/workload/readers/read-log.ts";
import { mutations } from "../support/mutations.ts";

const Row = z.strictObject({
  at: instantColumn("when"),
  client: labelColumn("who"),
  note: optionalLabelColumn("what").optional(),
  tokens: tokensColumn("how many"),
  seconds: secondsColumn("how long"),
  any: z.number().meta({ description: "a number without bounds" }),
  id: countColumn("which", { min: -5 }).optional(),
});
const AT = positions(Row);
const TEXTS: readonly number[] = [AT.client, AT.note];

const ORIGINAL = `at,x,client,tokens,note,seconds,any,id\n` + [
  "2023-11-16 18:17:03.9799600,,a,12,hello,0.5,-0,7",
  "2023-11-16T18:17:03Z,junk,a,1,,19440110.0,-1.25,-5",
  "2023-11-16 18:17:03+01:00,é,b,2147483647,x,1e3,123456789012345,0",
  "2023-11-16 18:17:03,,ü,0012,a b,.5,0.1234567890123456,1",
  "2023-11-16 18:17:04,,a,3,x,1000000000,12345678901234567890,2",
].map((line) => `${line}\n`).join("");

/** Everything that reading gives: rows with names for codes, the report, or the error. */
function outcome(bytes: Uint8Array, { careful, cuts }: { careful: boolean; cuts: number[] }) {
  const log = new ReadLog("f.csv", "test");
  const rows: unknown[] = [];
  const reader = new CsvReader(Row, {
    log,
    careful,
    take(values) {
      rows.push(
        Array.from(
          values,
          (value, slot) => TEXTS.includes(slot) ? reader.names(slot)[value] : value,
        ),
      );
      if (values[AT.tokens] === 13) return { setAside: "unlucky" };
      if (values[AT.seconds] === 13) return { field: "seconds", value: 13, expected: "luck" };
    },
  });
  try {
    const places = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b)];
    places.forEach((from, i) => reader.push(bytes.slice(from, places[i + 1])));
    reader.end();
    return { rows, report: log.finish({ lenient: true }) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { rows, problems: error.problems };
  }
}

test("the short way gives what the careful way gives, in chunks of any size", () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 });
  let read = 0;
  let plain = 0;
  fc.assert(
    fc.property(mutations, flips, cuts, (mutate, flipped, cuts) => {
      const bytes = new TextEncoder().encode(mutate(ORIGINAL));
      for (const [at, byte] of flipped) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      const careful = outcome(bytes, { careful: true, cuts: [] });
      expect(outcome(bytes, { careful: false, cuts })).toEqual(careful);
      if (careful.report) read++;
      if (careful.rows.length > 2) plain++;
    }),
    { numRuns: 2500 },
  );
  expect(read).toBeGreaterThan(600);
  expect(plain).toBeGreaterThan(600);
});

test("times and cells that may say nothing take the short way, and give the same", () => {
  const original = "sent,tokens,x,took,done\n" + [
    "1700000000123456789,12,,0.5,2023-11-16T18:17:03Z",
    "1700000000123457789,,é,,2023-11-16 18:17:04.25+01:00",
    "1700000001.5,472.0,,1e-3,",
    "0,-,,null,-",
    '"1700000002","7",,"",2023-11-16T18:17:05Z',
    ",nan,,.5,2023-11-16T18:17:05Z",
  ].map((line) => `${line}\n`).join("");
  const read = (bytes: Uint8Array, careful: boolean) => {
    // Times are read as differences to the first, so that every reading needs columns of its own.
    const columns = { sent: new TimeColumn("number"), done: new TimeColumn() };
    const log = new ReadLog("f.csv", "test");
    const rows: number[][] = [];
    const reader = new CsvReader(
      z.strictObject({
        sent: timesColumn("when", columns.sent),
        took: durationOrBlankColumn("how long", 1e9),
        tokens: tokensOrBlankColumn("how many"),
        done: timesColumn("until", columns.done),
      }),
      { log, careful, take: (values) => void rows.push([...values]) },
    );
    try {
      reader.push(bytes);
      reader.end();
      const { reference } = columns.sent;
      return { rows, reference, zones: columns.done.zones, report: log.finish({ lenient: true }) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { problems: error.problems };
    }
  };
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(read(bytes(original), false).rows?.map((row) => row.slice(0, 3))).toEqual([
    [0, 0.5, 12],
    [1000, NaN, NaN],
    [1700000001.5 - 1700000000123456789, 0.001, 472],
    [-Infinity, NaN, NaN],
    [1700000002 - 1700000000123456789, NaN, 7],
    [NaN, 0.5, NaN],
  ]);
  fc.assert(fc.property(mutations, (mutate) => {
    const mutant = bytes(mutate(original));
    expect(read(mutant, false)).toEqual(read(mutant, true));
  }));
});

test("numbers are the doubles that JavaScript reads", () => {
  const decimal = fc.tuple(
    fc.constantFrom("", "-"),
    fc.bigInt({ min: 0n, max: 10n ** 18n }).map(String),
    fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }).map(String), { nil: undefined }),
  ).map(([sign, whole, fraction]) =>
    `${sign}${whole}${fraction === undefined ? "" : `.${fraction}`}`
  );
  const Number1 = z.strictObject({ v: z.number().meta({ description: "any" }) });
  fc.assert(fc.property(fc.array(decimal, { minLength: 1 }), (texts) => {
    const seen: number[] = [];
    const log = new ReadLog("n.csv", "test");
    const reader = new CsvReader(Number1, { log, take: (values) => void seen.push(values[0]) });
    reader.push(new TextEncoder().encode(`v\n${texts.join("\n")}\n`));
    reader.end();
    expect(seen).toEqual(texts.map(Number));
  }));
});

test("names are told apart, also those that were made to meet in a hash table", () => {
  // Aa and BB have one hash, and so have all words of them: 2¹⁶ of length 32.
  const words = Array.from(
    { length: 2 ** 16 },
    (_, i) => Array.from({ length: 16 }, (_, bit) => i >> bit & 1 ? "Aa" : "BB").join(""),
  );
  const seen: string[] = [];
  const reader = new CsvReader(z.strictObject({ name: labelColumn("who") }), {
    log: new ReadLog("n.csv", "test"),
    take: (values) => void seen.push(reader.names(0)[values[0]]),
  });
  const start = performance.now();
  reader.push(new TextEncoder().encode(["name", ...words, ...words, ""].join("\n")));
  reader.end();
  expect(performance.now() - start).toBeLessThan(5000);
  expect(seen.length).toBe(2 ** 17);
  expect(reader.names(0).length).toBe(2 ** 16);
  expect(seen).toEqual([...words, ...words]);
});
