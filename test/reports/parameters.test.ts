import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { type Notebook, tagsOf, textOf } from "../../src/reports/notebook-format.ts";
import {
  distributeParameters,
  injectParameters,
  parseAssignments,
  readParameters,
} from "../../src/reports/parameters.ts";
import { notebookOf } from "./notebook-of.ts";

function withParameters(source: string): Notebook {
  const notebook = notebookOf("1", source, "2");
  notebook.cells[1].metadata = { tags: ["parameters"] };
  return notebook;
}

test("readParameters() reads literals of every kind without running the cell", () => {
  const notebook = withParameters(`
    // How many seeds.
    const parameters: { seeds: number } = {
      seeds: 3_000, rate: -0.4, "two words": 'text', on: true, none: null,
      list: [1, [2]], nested: { deep: \`plain\` },
    } as const satisfies object;`);
  expect(readParameters(notebook, "a.ipynb")).toEqual({
    seeds: 3000,
    rate: -0.4,
    "two words": "text",
    on: true,
    none: null,
    list: [1, [2]],
    nested: { deep: "plain" },
  });
});

test("readParameters() is empty where no cell is tagged", () => {
  expect(readParameters(notebookOf("const parameters = { a: 1 };"), "a.ipynb")).toEqual({});
});

test.each([
  "const parameters = makeThem();",
  "const parameters = { a: Date.now() };",
  "const parameters = { a: 60 * 60 };",
  "const parameters = { ...others };",
  "const parameters = { [name]: 1 };",
  "const params = { a: 1 };",
  "const parameters = [1];",
  "const parameters = { a: /x/ };",
  "const parameters = {",
  "",
])("readParameters() refuses %j and names the notebook and the cell", (source) => {
  const read = () => readParameters(withParameters(source), "a.ipynb");
  expect(read).toThrow(InputError);
  expect(read).toThrow(/^a\.ipynb, field cell c2: .*nothing but literals/);
});

test("readParameters() refuses two cells with the tag", () => {
  const notebook = withParameters("const parameters = {};");
  notebook.cells[2].metadata = { tags: ["parameters"] };
  expect(() => readParameters(notebook, "a.ipynb")).toThrow("expected one cell");
});

test("parseAssignments() takes JSON where it parses, else the text; the last one counts", () => {
  const given = ["a=1", 'b={"x":[1]}', "c=plain text", "d=", "e=x=y", 'f="1"', "a=true", "g=007"];
  expect(parseAssignments(given)).toEqual({
    a: true,
    b: { x: [1] },
    c: "plain text",
    d: "",
    e: "x=y",
    f: "1",
    g: "007",
  });
});

test.each(["seeds", "=3", ""])("parseAssignments([%j]) is refused", (text) => {
  expect(() => parseAssignments([text])).toThrow(/field -p: got .*expected name=value/);
});

const declared = [
  { name: "paper", parameters: { seeds: 30, rate: 0.4 } },
  { name: "arena", parameters: { seeds: 10 } },
  { name: "plain", parameters: {} },
];

test("distributeParameters() gives a value to the notebooks that have the name alone", () => {
  expect(distributeParameters(declared, { seeds: 3, rate: 1 }))
    .toEqual([{ seeds: 3, rate: 1 }, { seeds: 3 }, {}]);
});

test("distributeParameters() names every unknown parameter, its value and the known names", () => {
  const distribute = () => distributeParameters(declared, { sedes: 3, rate: 1, toString: "x" });
  expect(distribute).toThrow(InputError);
  expect(distribute).toThrow(
    'command line, field sedes: got "3", expected a parameter of one of the notebooks: ' +
      "paper (seeds, rate); arena (seeds); plain (none)\n" +
      'command line, field toString: got "x", ',
  );
});

test("injectParameters() puts a tagged cell after the parameters and leaves the original alone", () => {
  const notebook = withParameters("const parameters = { a: 1 };");
  const injected = injectParameters(notebook, { a: 2 });
  expect(injected.cells.map(({ id }) => id)).toEqual(["c1", "c2", "injected-parameters", "c3"]);
  expect(tagsOf(injected.cells[2])).toEqual(["injected-parameters"]);
  expect(textOf(injected.cells[2].source)).toBe('Object.assign(parameters, {\n  "a": 2\n});');
  expect(notebook.cells).toHaveLength(3);
});

test("injectParameters() replaces a cell injected earlier, and adds none for no values", () => {
  const once = injectParameters(withParameters("const parameters = { a: 1 };"), { a: 2 });
  const twice = injectParameters(once, { a: 3 });
  expect(twice.cells).toHaveLength(4);
  expect(textOf(twice.cells[2].source)).toContain('"a": 3');
  expect(injectParameters(once, {}).cells).toHaveLength(3);
});
