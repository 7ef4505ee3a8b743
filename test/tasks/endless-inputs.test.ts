import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TRACE = join(ROOT, "data/burstgpt/BurstGPT_1_first999.csv");

/** Runs a shell line in which `$TASK name` is a task of this checkout; ends within a minute. */
async function shell(line: string) {
  const { code, stdout, stderr } = await new Deno.Command("timeout", {
    args: ["60", "bash", "-c", line.replaceAll("$TASK", `${Deno.execPath()} task --quiet`)],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

describe("an input without end is given up in words", () => {
  test.each([
    ["$TASK fit /dev/zero", /\/dev\/zero/],
    ["$TASK fit /dev/urandom", /\/dev\/urandom: got "\d+ bytes without an iteration/],
    ["yes 'INFO nothing of a scheduler' | $TASK fit -", /standard input: got "\d+ bytes without/],
    ["$TASK trace describe /dev/zero", /\/dev\/zero, row 1/],
    ["$TASK trace describe /dev/urandom", /\/dev\/urandom, row 1/],
    ["$TASK what-if /dev/zero --no-report", /\/dev\/zero, row 1/],
    [`(head -2 ${TRACE}; tr '\\0' a </dev/zero) | $TASK trace describe -`, /standard input/],
    [`(printf '['; yes '1,') | $TASK trace describe -`, /standard input/],
    ["yes 'a,b,c' | $TASK trace describe -", /standard input/],
  ])("%s", async (line, said) => {
    const { code, stderr } = await shell(line);
    expect(code).toBe(1);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("standard input", () => {
  test.each(["-", "/dev/stdin"])("as %s is read by every task that reads a log", async (name) => {
    const described = await shell(`cat ${TRACE} | $TASK trace describe ${name}`);
    expect(described.code, described.stderr).toBe(0);
    expect(described.stdout).toContain("999");
    const answered = await shell(
      `head -60 ${TRACE} | $TASK what-if ${name} --no-report --draws 20 --policy sjf`,
    );
    expect(answered.code, answered.stderr).toBe(0);
    const fitted = await shell(`echo nothing | $TASK fit ${name}`);
    expect([fitted.code, fitted.stderr]).toEqual([1, expect.stringContaining("standard input: ")]);
  });
});

test("a named pipe is read like a file", async () => {
  const pipe = await Deno.makeTempDir();
  const { code, stdout, stderr } = await shell(
    `mkfifo ${pipe}/p && (cat ${TRACE} > ${pipe}/p &) && $TASK trace describe ${pipe}/p`,
  );
  await Deno.remove(pipe, { recursive: true });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("999");
});
