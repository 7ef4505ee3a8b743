import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ServerFile } from "../../src/servers/costs/server-file.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const DATA = join(root, "data/vllm_cpu_measured");
let folder = "";

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "fit-"))));
afterAll(() => rm(folder, { recursive: true }));

function fit(...args: string[]) {
  return new Promise<{ failed: boolean; stdout: string; stderr: string }>((resolve) => {
    execFile(
      Deno.execPath(),
      ["run", "-A", "src/tasks/fit.ts", ...args],
      { cwd: root, env: { ...process.env, INIT_CWD: folder } },
      (error, stdout, stderr) => resolve({ failed: error !== null, stdout, stderr }),
    );
  });
}

test("fit writes a server file, prints the same with --json, and takes what lies beside the log", async () => {
  const log = join(DATA, "ds_l5.fcfs32.iterations.log.gz");
  const { failed, stdout } = await fit(log, "--json", "--out", "server.json", "--name", "mine");
  expect(failed).toBe(false);
  expect(await readFile(join(folder, "server.json"), "utf8")).toBe(stdout);
  const server = ServerFile.parse(JSON.parse(stdout));
  expect(server.name).toBe("mine");
  expect(server.fit!.logs).toMatchObject([{ steps: 3610, refused: 0 }]);
  expect(server.fit!.ranges.sequences).toEqual([0, 32]);
  expect(server.fit!.ranges.contextTokens[1]).toBeGreaterThan(4000);
  expect(server.perRequest).toBeGreaterThan(0.002);
});

test("fit without flags and client log beside it says what is then unknown, and shows bad lines", async () => {
  const line = (i: number, ms: string) =>
    `INFO 11-23 09:00:00 Iteration(${i}): 0 context requests, 0 context tokens, ${1 + i % 4} ` +
    `generation requests, ${1 + i % 4} generation tokens, iteration elapsed time: ${ms} ms, ` +
    "GPU KV cache usage: 1.0%";
  const lines = Array.from({ length: 200 }, (_, i) => line(i, (10 + i % 4).toFixed(2)));
  await writeFile(join(folder, "plain.log"), ["hello", ...lines, line(201, "soon")].join("\n"));
  const { failed, stdout, stderr } = await fit("plain.log");
  expect(failed).toBe(false);
  expect(stderr).toContain("no plain.json beside it");
  expect(stderr).toContain("overhead per request stays 0");
  expect(stdout).toContain("1 lines not understood, 1 of other messages");
  expect(stdout).toMatch(/line 202: INFO .*Iteration\(201\)/);
});

test("fit refuses a missing file, a log of something else and no log at all by name", async () => {
  await writeFile(join(folder, "empty.log"), "INFO nothing\n");
  for (
    const [args, message] of [
      [["nowhere.log"], /nowhere\.log: expected a file that can be read/],
      [["empty.log"], /empty\.log: expected lines of vLLM's/],
      [[], /expected Usage: deno task fit LOG/],
      [["--fast", "empty.log"], /Unknown option '--fast'/],
    ] as const
  ) {
    const { failed, stderr } = await fit(...args);
    expect(failed).toBe(true);
    expect(stderr).toMatch(message);
  }
});
