import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

function check(...args: string[]) {
  return new Promise<{ failed: boolean; stdout: string; stderr: string }>((resolve) => {
    const command = ["run", "-A", "src/tasks/check.ts", ...args];
    execFile(
      Deno.execPath(),
      command,
      { cwd: root },
      (error, stdout, stderr) => resolve({ failed: error !== null, stdout, stderr }),
    );
  });
}

test("check --help says what is checked, and checks nothing", async () => {
  const { failed, stdout } = await check("--help");
  expect(failed).toBe(false);
  expect(stdout).toMatch(/^Usage: deno task check/);
  expect(stdout).not.toContain("ok ");
});

test("check refuses an option it does not know", async () => {
  const { failed, stderr } = await check("--fix");
  expect(failed).toBe(true);
  expect(stderr).toContain("Unknown option '--fix'");
});
