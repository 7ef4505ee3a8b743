import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fromModule, importDefinition } from "../../src/files/from-module.ts";
import { moduleOf } from "../../src/registry/module-definition.ts";

interface Named {
  readonly name: string;
}

let folder: string;
beforeEach(async () => {
  folder = await Deno.makeTempDir();
});
afterEach(async () => {
  await Deno.remove(folder, { recursive: true });
});

async function file(name: string, text: string): Promise<string> {
  await Deno.writeTextFile(join(folder, name), text);
  return join(folder, name);
}

test("text is TypeScript, and finds the workbench and its packages", async () => {
  const definition = await fromModule<Named & { readonly text: boolean }>(`
    import { InputError } from "driftsched/errors/input-error.ts";
    import * as z from "zod";
    const name: string = InputError.name;
    export default { name, text: z.string().safeParse("a").success };
  `);
  expect(definition).toEqual({ name: "InputError", text: true });
  const { url, digest, source, export: name } = moduleOf(definition)!;
  expect(url).toMatch(/runs\/modules\/[0-9a-f]{64}\.ts$/);
  expect(url).toContain(digest);
  expect(source).toContain("InputError");
  expect(name).toBe("default");
});

test("where a definition comes from does not show in it, and is not copied", async () => {
  const definition = await fromModule<Named>('export default { name: "a" };');
  expect(Object.keys(definition)).toEqual(["name"]);
  expect(moduleOf({ ...definition })).toBeNull();
  expect(moduleOf({ module: "a property of its own" })).toBeNull();
});

test("a file is named by path or address, and its export by name", async () => {
  const path = await file("mine.ts", "export const mine = () => 3; export default { name: 'b' };");
  const mine = await fromModule<() => number>(path, { export: "mine" });
  expect(mine()).toBe(3);
  expect(moduleOf(mine)!.url).toBe(pathToFileURL(path).href);
  for (const source of [pathToFileURL(path), pathToFileURL(path).href]) {
    expect((await fromModule<Named>(source)).name).toBe("b");
  }
});

test("an edited file is another module, here and for who imports it by reference", async () => {
  const path = await file("edited.ts", 'export default { name: "before" };');
  const before = await fromModule<Named>(path);
  await file("edited.ts", 'export default { name: "after" };');
  const after = await fromModule<Named>(path);
  expect([before.name, after.name]).toEqual(["before", "after"]);
  expect(moduleOf(before)!.digest).not.toBe(moduleOf(after)!.digest);
  await expect(importDefinition(moduleOf(before)!)).rejects.toThrow("call fromModule again");
  expect(await importDefinition(moduleOf(after)!)).toBe(after);
});

test("what a file imports by relative paths is part of its digest, wherever both lie", async () => {
  const digestIn = async (subfolder: string, helper: string) => {
    await Deno.mkdir(join(folder, subfolder, "lib"), { recursive: true });
    await file(join(subfolder, "lib", "helper.ts"), helper);
    const text = 'import { name } from "./lib/helper.ts";\nexport default { name };';
    return moduleOf(await fromModule(await file(join(subfolder, "a.ts"), text)))!.digest;
  };
  const one = 'export const name = "one";';
  const digest = await digestIn("x", one);
  expect(await digestIn("y", one)).toBe(digest);
  expect(await digestIn("z", one + "\n")).not.toBe(digest);
});

describe("refused, with the reason:", () => {
  test.each([
    ["const a = 1;\nexport { a };", "the module exports a"],
    ["export default 3;", "got 3, expected an exported definition"],
    ["export default Object.freeze({});", "an object that is not frozen"],
    ["export default {", "expected a module: "],
    ["throw new Error('at its start');\nexport {};", "expected a module: at its start"],
    ["/nowhere/mine.ts", "there is no such file"],
  ])("%s", async (source, reason) => {
    await expect(fromModule(source)).rejects.toThrow(reason);
  });

  test("an address of another machine", async () => {
    await expect(fromModule(new URL("https://example.org/a.ts"))).rejects.toThrow(
      "a file on this machine",
    );
  });
});

test("a text that was written before is not trusted, but written again", async () => {
  const definition = await fromModule<Named>('export default { name: "kept whole" };');
  const module = moduleOf(definition)!;
  await Deno.writeTextFile(fileURLToPath(module.url), "torn");
  await importDefinition(module);
  expect(await Deno.readTextFile(fileURLToPath(module.url))).toBe(module.source);
});
