import { expect, test } from "vitest";
import { SourceText } from "../../../src/notebook/help/source-text.ts";

const text = `import * as z from "zod";
import { Other as Renamed } from "./other.ts";
export * as inner from "./inner.ts";

/** Adds. */
export function add(
  a: number,
  { times = 2 }: { readonly times?: number } = {},
): number {
  return a * times;
}

export const Base = z.strictObject({
  /** Requests in a batch. @default as many as fit */
  batch: z.int().min(1).default(32),
  kind: z.enum(["a", "b"]).optional(),
});
export const Wide = Base.extend({
  /**
   * Two lines,
   * joined.
   */
  inner: Renamed.prefault({}),
}).superRefine(() => {});
export const Either = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("x") }),
  z.strictObject({ rule: z.literal("y"), window: z.int().default(3) }),
]);
export const NUMBER: number = 3;
`;
const source = new SourceText(text);

test("signature(line) is the head of the function in that line, in one line", () => {
  expect(source.signature(6))
    .toBe("add(a: number, { times = 2 }: { readonly times?: number } = {}): number");
  expect(source.signature(5)).toBeNull();
});

test("schemaFields(constant) gives fields with comments, defaults and what they refer to", () => {
  const base = [
    {
      name: "batch",
      schema: "z.int().min(1)",
      optional: true,
      default: "32",
      doc: "Requests in a batch. @default as many as fit",
    },
    { name: "kind", schema: 'z.enum(["a", "b"])', optional: true, doc: "" },
  ];
  expect(source.schemaFields("Base")).toEqual(base);
  expect(source.schemaFields("Wide")).toEqual([...base, {
    name: "inner",
    schema: "Renamed",
    optional: true,
    default: "{}",
    doc: "Two lines,\njoined.",
    refersTo: "Renamed",
  }]);
  expect(source.schemaFields("Either")?.map(({ name }) => name)).toEqual([
    "rule",
    "rule",
    "window",
  ]);
});

test("schemaFields(constant) is null for what is no schema of fields", () => {
  expect(source.schemaFields("NUMBER")).toBeNull();
  expect(source.schemaFields("nobody")).toBeNull();
});

test("importOf(name) says from where, and under which name", () => {
  expect(source.importOf("Renamed")).toEqual({ source: "./other.ts", name: "Other" });
  expect(source.importOf("inner")).toEqual({ source: "./inner.ts", name: "*" });
  expect(source.importOf("add")).toBeNull();
});

test("a file whose types cannot be blanked out has nothing to say", () => {
  const other = new SourceText("class A { constructor(readonly a: number) {} }");
  expect(other.signature(1)).toBeNull();
  expect(other.schemaFields("A")).toBeNull();
});
