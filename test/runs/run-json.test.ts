import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/paper/simulate.ts";
import { InputError } from "../../src/errors/input-error.ts";
import { readRunJson } from "../../src/runs/read-run-json.ts";
import { writeRunJson } from "../../src/runs/run-json.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { arbitraryRun } from "./arbitrary-run.ts";

const run = simulate(paperWorkload({ seed: 3, requests: 120 }), { scheduler: { policy: "sjf" } });

function problemsOf(change: (file: never) => void): string {
  const file = JSON.parse(writeRunJson(run));
  change(file as never);
  try {
    readRunJson(JSON.stringify(file), "fifo.run.json");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("was accepted");
}

test("writing and reading a run is the identity, NaN, infinities and -0 included", () => {
  fc.assert(
    fc.property(arbitraryRun, (run) => {
      const text = writeRunJson(run);
      const again = readRunJson(text, "run");
      expect(again).toStrictEqual(run);
      expect(writeRunJson(again)).toBe(text);
    }),
    { numRuns: 150 },
  );
});

test("a simulated run comes back whole but for the prompts' text", () => {
  const { promptText: _, ...requests } = run.requests;
  const plain = { ...run, requests };
  const again = readRunJson(writeRunJson(run), "run");
  expect(again).toEqual(plain);
  expect(again.start.buffer).not.toBe(run.start.buffer);
});

test("a file has one line a column, so that a text diff names the column", () => {
  const lines = writeRunJson(run).split("\n");
  expect(lines.filter((line) => line.startsWith('"finish": ['))).toHaveLength(1);
  expect(lines.at(-1)).toBe("");
});

test.each<[string, (file: never) => void, string]>([
  [
    "text in a number column",
    (file: { columns: { start: unknown[] } }) => file.columns.start[6] = "soon",
    'fifo.run.json, row 7, field columns.start: got "soon", expected a number, null (not a number)',
  ],
  [
    "a count below its least value",
    (file: { columns: { batch: number[] } }) => file.columns.batch[0] = -2,
    "row 1, field columns.batch: got -2, expected an integer from -1 to 2147483647",
  ],
  [
    "a fraction for a count",
    (file: { columns: { outputTokens: number[] } }) => file.columns.outputTokens[1] = 1.5,
    "row 2, field columns.outputTokens: got 1.5, expected an integer from -1",
  ],
  [
    "a status that does not exist",
    (file: { columns: { status: number[] } }) => file.columns.status[2] = 9,
    "row 3, field columns.status: got 9, expected an integer from 0 to 3",
  ],
  [
    "a label code without a name",
    (file: { requests: { tier: { codes: number[] } } }) => file.requests.tier.codes[4] = 3,
    "row 5, field requests.tier.codes: got 3, expected an integer from 0 to 2",
  ],
  [
    "a column that is too short",
    (file: { columns: { start: number[] } }) => file.columns.start.pop(),
    'field columns.start: got "119 values", expected 120 values',
  ],
  [
    "a belief that is too short",
    (file: { beliefs: { factor: { values: number[] } } }) => file.beliefs.factor.values.pop(),
    'field beliefs.factor: got "119 values", expected 120 values',
  ],
  [
    "text in a belief of numbers",
    (file: { beliefs: { factor: { values: unknown[] } } }) => file.beliefs.factor.values[3] = "x",
    'row 4, field beliefs.factor: got "x", expected a number',
  ],
  [
    "a believed name that is none",
    (file: { beliefs: { category: { codes: number[] } } }) => file.beliefs.category.codes[4] = 9,
    "row 5, field beliefs.category.codes: got 9, expected an integer from 0 to 3",
  ],
  [
    "a belief of another type",
    (file: { beliefs: { factor: { type: string } } }) => file.beliefs.factor.type = "text",
    "field beliefs.factor",
  ],
  [
    "a missing column",
    (file: { columns: { finish?: number[] } }) => delete file.columns.finish,
    "field columns.finish: got undefined, expected an array",
  ],
  [
    "an unknown column",
    (file: { columns: Record<string, unknown> }) => file.columns.extra = [],
    "field columns.extra: got [], expected a known name",
  ],
  [
    "phases out of order",
    (file: { phases: { first: number }[] }) => file.phases[1].first = 0,
    "field phases.1.first: got 0, expected a row after 0 and before 120",
  ],
  [
    "a version that is not known",
    (file: { version: number }) => file.version = 3,
    "field version: got 3, expected 1 or 2: another version of this program wrote the file",
  ],
  [
    "another format",
    (file: { format: string }) => file.format = "vcard",
    'field format: got "vcard", expected "driftsched run"',
  ],
])("%s is refused by file, row, field, value and what was expected", (_case, change, line) => {
  expect(problemsOf(change)).toContain(line);
});

test("a number too large for a double is refused, not read as infinity", () => {
  const text = writeRunJson(run).replace(/"finish": \[[^,]+,/, '"finish": [1e999,');
  expect(() => readRunJson(text, "f")).toThrow("f, row 1, field columns.finish: got Infinity");
});

test("text that is no JSON is refused by name", () => {
  expect(() => readRunJson('{"format": ', "half.run.json")).toThrow(/^half\.run\.json: .*JSON/);
});

test("no more than twenty problems are listed", () => {
  const text = problemsOf((file: { columns: { start: string[] } }) => {
    file.columns.start.fill("x");
  });
  expect(text.split("\n")).toHaveLength(20);
});

test.each<[string, unknown]>([
  ["NaN", NaN],
  ["a function", () => 1],
  ["a typed array", new Int32Array(2)],
])("provenance that JSON cannot keep is refused on writing: %s", (_case, value) => {
  const provenance = { ...run.provenance, engine: { name: "x", deep: { value } } };
  expect(() => writeRunJson({ ...run, provenance })).toThrow(InputError);
});

test("provenance whose value is undefined is as if the key were not there", () => {
  const provenance = { ...run.provenance, engine: { name: "x", cost: undefined } };
  expect(readRunJson(writeRunJson({ ...run, provenance }), "run").provenance.engine)
    .toStrictEqual({ name: "x" });
});
