import { expect, test } from "vitest";
import type { DocType } from "../../../src/notebook/help/deno-doc.ts";
import { typeText } from "../../../src/notebook/help/type-text.ts";

/** Types of a source text, as `deno doc` reads them. */
async function typesIn(text: string): Promise<Map<string, DocType>> {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/types.ts`;
    await Deno.writeTextFile(file, text);
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["doc", "--json", file] })
      .output();
    const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
    const [{ symbols }] = Object.values<{ symbols: { name: string; declarations: [never] }[] }>(
      nodes,
    );
    return new Map(
      symbols.map(({ name, declarations: [declaration] }) => [
        name,
        (declaration as { def: { tsType: DocType } }).def.tsType,
      ]),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const TYPES = [
  "readonly string[]",
  "(string | number)[]",
  "ReadonlyMap<string, readonly number[]>",
  '"fcfs" | "priority" | 3 | true | null',
  "(a: number, b?: string, ...rest: number[]) => void",
  "((done: number) => void) | undefined",
  "{ a: number; b?: string; run(x: number): void }",
  "[first: number, ...number[]]",
  "typeof globalThis",
  'Workload["requests"]',
  'Omit<A, "b"> & B',
];

test("typeText(type) writes types as TypeScript has them", async () => {
  const types = await typesIn(TYPES.map((type, i) => `export type T${i} = ${type};`).join("\n"));
  const written = TYPES.map((_, i) => typeText(types.get(`T${i}`)!));
  // deno doc keeps no names of tuple members.
  expect(written).toEqual(TYPES.map((type) => type.replace("first: ", "")));
});
