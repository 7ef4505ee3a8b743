import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkCells, describeCellProblem } from "../../src/reports/check-cells.ts";

const folder = fileURLToPath(new URL("../fixtures/notebooks", import.meta.url));
const fixture = (name: string) => join(folder, `${name}.ipynb`);

test("checkCells() finds what Jupyter would not say, by cell and line, and cleans up", async () => {
  const paths = ["unchecked", "unparsable", "small"].map(fixture);
  const problems = await checkCells(paths);
  const told = problems.map(describeCellProblem).map((line) => line.replaceAll(`${folder}/`, ""));
  expect(told).toEqual([
    expect.stringMatching(/^unchecked\.ipynb, cell 5 \(id c4, .*\): holds outputs/),
    expect.stringMatching(
      /^unparsable\.ipynb, cell 2 \(id c1, .*\), line 2, column 9: SyntaxError: Expression expected/,
    ),
    expect.stringMatching(
      /^unchecked\.ipynb, cell 1 \(id c0, .*\), line 1, column 10: TS2724: .*InputErrr/,
    ),
    expect.stringMatching(
      /^unchecked\.ipynb, cell 4 \(id c3, .*\), line 1, column 7: TS2322: Type 'string'/,
    ),
    expect.stringMatching(
      /^unchecked\.ipynb, cell 4 .*, line 3, column 7: TS2451: .*declared before in cell 2 \(id c1/,
    ),
  ]);
  expect((await readdir(folder)).filter((name) => !name.endsWith(".ipynb"))).toEqual([]);
});

test("checkCells() of good notebooks, and of none, finds nothing", async () => {
  expect(await checkCells([fixture("small"), fixture("failing")])).toEqual([]);
  expect(await checkCells([])).toEqual([]);
});

test("checkCells() replaces and removes no file that it has not made", async () => {
  const beside = await mkdtemp(join(tmpdir(), "driftsched-check-"));
  try {
    const notebook = join(beside, "small.ipynb");
    await copyFile(fixture("small"), notebook);
    const mine = join(beside, `.small.cells-${Deno.pid}.ts`);
    await writeFile(mine, "mine");
    await expect(checkCells([notebook])).rejects.toThrow("File exists");
    expect(await readFile(mine, "utf8")).toBe("mine");
  } finally {
    await rm(beside, { recursive: true });
  }
});

test("checkCells() of a file that is no notebook throws and names it", async () => {
  const empty = await mkdtemp(join(tmpdir(), "driftsched-check-"));
  try {
    await expect(checkCells([join(empty, "none.ipynb")])).rejects.toThrow("none.ipynb");
  } finally {
    await rm(empty, { recursive: true });
  }
});
