import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutSetUp } from "../../support/run-deno.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

const fixtures = fileURLToPath(new URL("../../fixtures/conformance/", import.meta.url));
const task = fileURLToPath(new URL("../../../src/tasks/conformance.ts", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "conformance-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const permissions = ["--allow-read", "--allow-env=INIT_CWD"];
  const { status, stdout, stderr } = spawnSync(
    Deno.execPath(),
    ["run", ...permissions, task, ...args],
    { encoding: "utf8", cwd: folder, env: { ...Deno.env.toObject(), INIT_CWD: folder } },
  );
  return { status, stdout, stderr: withoutSetUp(stderr) };
}

test("a directory of identical scenarios ends with their number and exit code 0", () => {
  const { status, stdout } = run(fixtures);
  expect(stdout.trim().split("\n").at(-1)).toBe("268 of 268 scenarios identical");
  expect(status).toBe(0);
});

test("a broken line is shown with its place, counted, and makes the exit code 1", () => {
  cpSync(join(fixtures, "driven.jsonl.gz"), join(folder, "driven.jsonl.gz"));
  writeFileSync(join(folder, "broken.jsonl"), '\n{"id":"x"}\n');
  const { status, stdout, stderr } = run(".");
  expect(stderr).toMatch(/^broken.jsonl, row 2, field /);
  expect(stdout).toMatch(/1 line is no scenario and was left out\n30 of 30 scenarios identical\n$/);
  expect(status).toBe(1);
});

test("--json has stable names", () => {
  expect(JSON.parse(run(fixtures, "--json").stdout))
    .toMatchObject({ identical: 268, total: 268, first_difference: null });
});

test("what is no directory of scenarios, and what is no option, is refused", () => {
  expect(run(join(folder, "missing"))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("expected a directory"),
  });
  expect(run()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("Usage: deno task conformance DIR"),
  });
  expect(run(fixtures, "--jsno")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("--jsno"),
  });
});
