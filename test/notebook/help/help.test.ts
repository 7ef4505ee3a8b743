import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { DISPLAY } from "../../../src/figures/display.ts";
import { describe as description } from "../../../src/notebook/help/description.ts";
import { help } from "../../../src/notebook/help/help.ts";
import { publicNames } from "../../../src/notebook/help/public-names.ts";
import { helpMarkdown, helpText } from "../../../src/notebook/help/render.ts";
import * as api from "../../../src/mod.ts";

describe('help("simulate")', () => {
  const { text, markdown } = help("simulate");

  test("gives the signature as it is written, with its default", () => {
    const signature = "simulate(workload: Workload, options: SimulateOptions = {}): Run";
    expect(text).toMatch(new RegExp(`^${signature.replace(/[{}()]/g, "\\$&")}\n`));
    expect(markdown).toContain(`\`\`\`ts\n${signature}\n\`\`\``);
  });

  test("gives options, those inside of them too, with their defaults", () => {
    expect(text).toMatch(/^Options \(SimulateOptions\):$/m);
    expect(text).toMatch(/^ {2}dispatch/m);
    expect(text).toMatch(/^ {6}window: z\.int\(\)\.min\(1\) {2}\[default 32\]/m);
    expect(markdown).toMatch(/^ {4}- `window`: `z\.int\(\)\.min\(1\)`, default `32`/m);
  });

  test("gives its examples and where it is written", () => {
    expect(text).toContain('dispatch: { rule: "in-flight", window: 32 }');
    expect(text).toMatch(/\nsrc\/\w+\/simulate\.ts:\d+$/);
  });

  test("is Markdown at the end of a cell, text where it is printed", () => {
    const shown = help("simulate");
    expect(shown[DISPLAY]()).toEqual({ "text/markdown": markdown, "text/plain": text });
    expect(String(shown)).toBe(text);
    expect(Deno.inspect(shown)).toBe(text);
  });
});

test("help(name) says of a schema what its fields are, with comments and defaults", () => {
  const { text } = help("MergeOptions");
  expect(text).toContain("What names of several workloads mean.");
  expect(text).toMatch(
    /^ {2}categories: z\.enum\(\["apart", "joined"\]\) {2}\[default "joined"\]/m,
  );
});

test("help(name) says of an interface and of a class what they have", () => {
  expect(help("Figure").text).toMatch(/^ {2}alt: string {2}The drawing in words/m);
  expect(help("Figure").text).not.toContain("DISPLAY");
  expect(help("VllmClient").text).toMatch(
    /^new (?:live\.)?VllmClient\(address: string, clock: Clock/,
  );
});

test("help(name) knows names in a namespace, with and without it, and behind ds.", () => {
  const { text } = help("house.figure");
  expect(text).toMatch(/^house\.figure\(parts: HouseFigureParts\): Figure\n/);
  expect(help("ds.house.figure").text).toBe(text);
  expect(help("picture").text).toMatch(/^house\.picture\(/);
});

test("help(name) goes by the exported name, also where the declaration has another", () => {
  expect(help("readTrace").text).toMatch(/^(?:traces\.)?readTrace\(input: TraceInput/);
  expect(help("readTrace").text).toContain("readTrace(await Deno.readFile(");
});

test("help(function) takes the function itself", () => {
  expect(help(api.showTable).text).toBe(help("showTable").text);
});

test.each([
  ["simulte", "simulate"],
  ["Simulate", "simulate"],
  ["runsweeps", "runSweep"],
  ["house.figur", "house.figure"],
  ["tail", "latencyTail"],
])("help(%j) is refused and lists %s", (written, meant) => {
  expect(() => help(written)).toThrow(InputError);
  expect(() => help(written)).toThrow(new RegExp(`help, field name:.*\\b${meant}\\b`));
});

test("help() of a name like no other says how to list them, and help() does", () => {
  expect(() => help("qqqqqqqqqqqq")).toThrow(/help\(\) lists them/);
  for (const name of ["simulate", "runSweep", "house.figure"]) {
    expect(help().text.split(/[\s,]+/)).toContain(name);
  }
});

test("every value of the API can be asked for, and what is shown is whole", () => {
  const names = publicNames();
  expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(api)));
  for (const name of names) {
    const said = description(name);
    const text = helpText(said);
    expect(helpMarkdown(said), name.name).toContain(said.signature);
    expect(text, name.name).not.toMatch(/\[object|UNSUPPORTED|\{@link/);
    const functions = name.declarations.filter(({ kind }) => kind === "function");
    if (functions.length > 0) expect(said.signature, name.name).toMatch(/^[\w.]+(?:<.*>)?\(.*\)/);
  }
});
