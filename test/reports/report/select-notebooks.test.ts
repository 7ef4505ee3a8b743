import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textOf } from "../../../src/reports/notebook-format.ts";
import { selectNotebooks } from "../../../src/reports/report/select-notebooks.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/notebooks", import.meta.url));
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "driftsched-select-"));
  await mkdir(join(root, "notebooks"));
  await mkdir(join(root, "elsewhere"));
  await cp(join(fixtures, "small.ipynb"), join(root, "notebooks", "b.ipynb"));
  await cp(join(fixtures, "failing.ipynb"), join(root, "notebooks", "a.ipynb"));
  await cp(join(fixtures, "failing.ipynb"), join(root, "elsewhere", "b.ipynb"));
});
afterAll(() => rm(root, { recursive: true }));

const select = (given: readonly string[], parameters: Record<string, unknown> = {}) =>
  selectNotebooks(given, { root, cwd: join(root, "elsewhere"), parameters });

test("selectNotebooks([]) takes all of notebooks/ in the order of their names", async () => {
  const selected = await select([]);
  expect(selected.map(({ name, path }) => [name, path])).toEqual([
    ["a", join(root, "notebooks", "a.ipynb")],
    ["b", join(root, "notebooks", "b.ipynb")],
  ]);
});

test("selectNotebooks() takes names, paths from where the user is, and paths from the root", async () => {
  const pathOf = async (given: string) => (await select([given]))[0].path;
  expect(await pathOf("b")).toBe(join(root, "notebooks", "b.ipynb"));
  expect(await pathOf("b.ipynb")).toBe(join(root, "elsewhere", "b.ipynb"));
  expect(await pathOf("notebooks/b.ipynb")).toBe(join(root, "notebooks", "b.ipynb"));
  expect(await select(["b", "notebooks/b.ipynb"])).toHaveLength(1);
});

test("selectNotebooks() sets parameters in the notebooks that have them", async () => {
  const [a, b] = await select([], { seeds: 5 });
  expect(a.parameters).toEqual({});
  expect(b.parameters).toEqual({ seeds: 5, label: "plain", rates: [0.5, 1] });
  expect(a.notebook.cells.map(({ id }) => id)).not.toContain("injected-parameters");
  expect(textOf(b.notebook.cells[2].source)).toContain('"seeds": 5');
});

test("selectNotebooks() refuses an unknown notebook and lists the known ones", async () => {
  await expect(select(["c"])).rejects.toThrow(
    'field notebook: got "c", expected the path of a ' +
      "notebook or one of: a, b",
  );
});

test("selectNotebooks() refuses two notebooks that would write the same report", async () => {
  await expect(select(["b", "b.ipynb"])).rejects.toThrow("writes to the same reports");
});

test("selectNotebooks() refuses a parameter that no selected notebook knows", async () => {
  await expect(select(["a"], { seeds: 5 })).rejects.toThrow(
    'field seeds: got "5", expected a parameter of one of the notebooks: a (none)',
  );
});
