import { stripTypeScriptTypes } from "node:module";
import { parse } from "acorn";
import { describe, expect, test } from "vitest";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

interface Law {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

/** The laws of a text: a heading with a number, one or two sentences, a list of tests. */
function lawsOf(text: string): Law[] {
  return text.split(/^## /m).slice(1).map((section) => {
    const [heading, ...rest] = section.split("\n");
    const [, number, name] = /^(\d+)\. (.+)$/.exec(heading)!;
    const items = rest.join("\n").split(/^- /m);
    const flat = (part: string) => part.replace(/\s+/g, " ").trim();
    return {
      number: Number(number),
      name,
      text: flat(items[0]),
      tests: items.slice(1).map((item) => {
        const found = /^`(test\/\S+\.test\.ts)`: "(.+)"$/.exec(flat(item));
        if (found === null) throw new Error(`law ${number}: not a file and a title: ${item}`);
        return { file: found[1], title: found[2] };
      }),
    };
  });
}

type AnyNode = { readonly type: string } & Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value;

/** The function that a call goes back to, and the names on the way: `test.each(…)(…)` is `test`, each. */
function calleeOf(node: AnyNode): string[] {
  if (node.type === "Identifier") return [node.name as string];
  if (node.type === "CallExpression") return calleeOf(node.callee as AnyNode);
  if (node.type !== "MemberExpression") return [];
  return [...calleeOf(node.object as AnyNode), (node.property as AnyNode).name as string];
}

/** What calls a test: `browserTest` is a test that needs a browser. */
const CALLERS = ["test", "describe", "browserTest"];

/** Titles of the tests and groups in a source text; those that never run are left out. */
function titlesIn(source: string): string[] {
  const code = stripTypeScriptTypes(source);
  const titles: string[] = [];
  const visit = (node: AnyNode): void => {
    if (node.type === "CallExpression") {
      const [caller, ...ways] = calleeOf(node.callee as AnyNode);
      const [title] = node.arguments as AnyNode[];
      const runs = !ways.some((way) => ["skip", "todo", "fails"].includes(way));
      if (CALLERS.includes(caller) && runs && title !== undefined) {
        if (title.type === "Literal") titles.push(String(title.value));
        if (title.type === "TemplateLiteral") {
          titles.push(code.slice(Number(title.start) + 1, Number(title.end) - 1));
        }
      }
    }
    for (const value of Object.values(node)) {
      for (const child of [value].flat()) if (isNode(child)) visit(child);
    }
  };
  visit(parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowAwaitOutsideFunction: true,
  }) as unknown as AnyNode);
  return titles;
}

const laws = lawsOf(await read("docs/invariants.md"));

test("the laws are numbered from 1, and each has a name, a text and a test", () => {
  expect(laws.map(({ number }) => number)).toEqual(laws.map((_, i) => i + 1));
  expect(laws.length).toBeGreaterThanOrEqual(20);
  expect(new Set(laws.map(({ name }) => name)).size).toBe(laws.length);
  for (const { text, tests } of laws) {
    expect(text.length).toBeGreaterThan(20);
    expect(tests.length).toBeGreaterThan(0);
  }
});

describe.each(laws)("law $number, $name,", ({ tests }) => {
  test.each(tests)("is held by $file: $title", async ({ file, title }) => {
    expect(titlesIn(await read(file))).toContain(title);
  });
});

test("titles are found in all ways to write a test, and those that never run are not", () => {
  const source = `
    test("plain", () => { expect(titleOf("no title")).toBe("none"); });
    test.each<[string, number]>([["a", 1]])("each %s", (_: string) => {});
    describe.each(kinds)("group $name", () => { test.skipIf(absent)(
      "at times", () => {}); });
    browserTest("in a browser", async (page: Page) => {});
    test(\`of \${COUNT} points\`, () => {});
    test.skip("never", () => {});
    // test("in a comment", () => {});`;
  expect(titlesIn(source)).toEqual([
    "plain",
    "each %s",
    "group $name",
    "at times",
    "in a browser",
    "of ${COUNT} points",
  ]);
});
