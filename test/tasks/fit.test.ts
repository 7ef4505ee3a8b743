import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ServerFile } from "../../src/servers/costs/server-file.ts";
import { interleave, realLines } from "../fidelity/fit/support/real-lines.ts";
import { statsOfIterations } from "../fidelity/fit/support/stats-of-iterations.ts";

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

test("fit of a log of two engines says what each ran, and that their speeds differ", async () => {
  const slow = (line: string) =>
    line.replace(/time: ([\d.]+) ms/, (_, ms) => `time: ${(1.3 * Number(ms)).toFixed(2)} ms`);
  const [first, second] = await Promise.all(["ds_l5.fcfs32", "ds_l3.fcfs32"].map(realLines));
  const lines = interleave(
    first.map((line) => `(EngineCore_DP0 pid=123) ${line}`),
    second.map((line) => `(EngineCore_DP1 pid=124) ${slow(line)}`),
  );
  await writeFile(join(folder, "dp.iterations.log"), lines.join("\n"));
  await copyFile(join(DATA, "ds_l5.fcfs32.json"), join(folder, "dp.json"));
  await copyFile(join(DATA, "ds_l5.fcfs32.requests.csv"), join(folder, "dp.requests.csv"));
  const { failed, stdout, stderr } = await fit("dp.iterations.log", "-o", "dp.server.json");
  expect(failed).toBe(false);
  expect(stdout).toMatch(/dp\.iterations\.log, engine 0: 3610 steps/);
  expect(stdout).toMatch(/dp\.iterations\.log, engine 1: 8420 steps/);
  expect(stderr).toMatch(/engine 1 is \d+ % slower than engine 0/);
  // Requests of two engines don't say what one of them spent on each.
  expect(stderr).toContain("No client log of one engine");
  const { fit: report } = ServerFile.parse(
    JSON.parse(await readFile(join(folder, "dp.server.json"), "utf8")),
  );
  expect(report!.logs).toMatchObject([
    { source: "dp.iterations.log", engine: "0", run: 1, steps: 3610 },
    { source: "dp.iterations.log", engine: "1", run: 1, steps: 8420 },
  ]);
});

test("fit of stats lines is coarse, on the screen and in the file", async () => {
  const runs = ["ds_l3.fcfs32", "ds_l5.fcfs32", "azure.fcfs32.mbt512", "bgpt.fcfs32"];
  const lines = await Promise.all(runs.map(realLines));
  await writeFile(
    join(folder, "stats.log"),
    lines.flatMap((each) => statsOfIterations(each)).join("\n"),
  );
  const { failed, stdout } = await fit("stats.log", "-o", "coarse.json");
  expect(failed).toBe(false);
  expect(stdout).toMatch(/^A coarse fit, to \d+ windows between ordinary stats lines/);
  expect(stdout).toContain("windows in which the load doubled or halved");
  const server = ServerFile.parse(
    JSON.parse(await readFile(join(folder, "coarse.json"), "utf8")),
  );
  expect(server.fit).toMatchObject({ basis: "stats lines" });
});

test("fit of a log without prompts says so on the screen and in the file", async () => {
  const lines = await realLines("ds_l5.fcfs32");
  const decodes = lines.filter((line) => line.includes(" 0 context requests"));
  await writeFile(join(folder, "decodes.log"), decodes.join("\n"));
  const { failed, stdout } = await fit("decodes.log", "-o", "decodes.json");
  expect(failed).toBe(false);
  expect(stdout).toContain("What prefill costs is unknown");
  expect(JSON.parse(await readFile(join(folder, "decodes.json"), "utf8"))).toMatchObject({
    cost: { perPrefillToken: null },
    fit: { unknown: ["prefill", "context"] },
  });
});

test("fit writes nothing for a log that is none of its, and says whose or what it is", async () => {
  const lines = await realLines("ds_l5.fcfs32");
  const change = (each: (n: number, i: number) => number) =>
    lines.map((line, i) =>
      line.replace(
        /(\d+) generation tokens/,
        (_, tokens) => `${each(Number(tokens), i)} generation tokens`,
      )
    ).join("\n");
  for (
    const [name, text, message] of [
      ["drafts", change((tokens) => 3 * tokens), /without speculative decoding: .*draft tokens/],
      [
        "cut",
        lines.map((line, i) => i % 3 === 0 ? line.slice(0, 120) : line).join("\n"),
        /80 % of the steps at least: of 3610, 0 have .*, and 1204 lines can't be read/,
      ],
      [
        "sglang",
        "[2024-11-30 05:10:04 TP0] Decode batch. #running-req: 1, #token: 234, #queue-req: 0",
        /this is a log of SGLang/,
      ],
      ["short", statsOfIterations(lines).join("\n"), /there are 6 such windows/],
    ] as const
  ) {
    await writeFile(join(folder, `${name}.log`), text);
    const { failed, stdout, stderr } = await fit(`${name}.log`, "-o", `${name}.out.json`, "--json");
    expect(failed, name).toBe(true);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    await expect(readFile(join(folder, `${name}.out.json`))).rejects.toThrow(/ENOENT|No such file/);
  }
});
