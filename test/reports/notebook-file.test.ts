import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { notebookName, readNotebook, serializeNotebook } from "../../src/reports/notebook-file.ts";
import type { Notebook } from "../../src/reports/notebook-format.ts";
import { notebookOf } from "./notebook-of.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftsched-notebook-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function refusal(content: unknown): Promise<InputError> {
  const path = join(folder, "bad.ipynb");
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return await readNotebook(path).then(
    () => expect.fail("it was accepted"),
    (error) => {
      expect(error).toBeInstanceOf(InputError);
      expect(error.message).toContain("bad.ipynb");
      return error;
    },
  );
}

test("readNotebook(serializeNotebook(n)) is n but for the split of text into lines", async () => {
  const notebook: Notebook = notebookOf("const a = 1;\na", "");
  notebook.metadata = { kernelspec: { name: "deno" }, authors: [{ name: "A" }] };
  notebook.cells.push({
    cell_type: "markdown",
    id: "m",
    metadata: {},
    source: "![a](attachment:a.png)",
    attachments: { "a.png": { "image/png": "AAAA" } },
  });
  const path = join(folder, "good.ipynb");
  await writeFile(path, serializeNotebook(notebook));
  const read = await readNotebook(path);
  expect(read.cells[0].source).toEqual(["const a = 1;\n", "a"]);
  expect(read.cells[2]).toEqual({ ...notebook.cells[2], source: ["![a](attachment:a.png)"] });
  expect(read.metadata).toEqual(notebook.metadata);
  expect(serializeNotebook(read)).toBe(serializeNotebook(notebook));
});

test("serializeNotebook() writes as nbformat does: sorted keys, indent 1, a last newline", () => {
  const text = serializeNotebook({ ...notebookOf("1"), metadata: { b: 1, a: 2 } });
  expect(text.startsWith('{\n "cells": [\n  {\n   "cell_type": "code",\n')).toBe(true);
  expect(text).toContain('"metadata": {\n  "a": 2,\n  "b": 1\n },\n "nbformat": 4,');
  expect(text.endsWith("}\n")).toBe(true);
});

test("readNotebook() names the file where there is none, no JSON or no notebook", async () => {
  await expect(readNotebook(join(folder, "none.ipynb"))).rejects.toThrow(/none\.ipynb.*exists/);
  expect((await refusal("{")).message).toContain("expected valid JSON");
  expect((await refusal({ ...notebookOf(), nbformat: 3 })).message).toContain("field nbformat");
});

test("readNotebook() names the field of a cell that is wrong", async () => {
  const notebook = notebookOf("1", "2");
  const unknown = structuredClone(notebook) as unknown as { cells: Record<string, unknown>[] };
  unknown.cells[1].extra = true;
  expect((await refusal(unknown)).message).toMatch(/cells\.1.*extra/);
  notebook.cells[1].id = "c1";
  expect((await refusal(notebook)).message).toMatch(/field cells\.1\.id: got "c1"/);
});

test("notebookName() is the file name without its ending", () => {
  expect(notebookName("/a/b/reproduction.ipynb")).toBe("reproduction");
});
