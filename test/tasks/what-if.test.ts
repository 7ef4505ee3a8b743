import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { promiseOf, serversOf } from "../../src/tasks/what-if.ts";
import { runDeno } from "../support/run-deno.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const L4 = "data/l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "what-if-"));
});
afterAll(() => rm(folder, { recursive: true }));

const ask = (...args: string[]) =>
  runDeno(["run", "-A", "src/tasks/what-if.ts", ...args], { cwd: root, env: { INIT_CWD: root } });

test("one screen says what was read, as it was, the alternatives, the promise and the limits", async () => {
  const args = ["--servers", "1..2", "--slo", "ttft=1s,tpot=50ms,share=0.95", "--draws", "5"];
  const { success, stdout } = await ask(L4, ...args, "--no-report");
  expect(success).toBe(true);
  for (
    const said of [
      "160 requests in 44.1 s",
      "read as l4-log",
      "assumed: max_tokens 1024 for every request",
      "As it was, measured: E2E P50 4.62 s",
      "as it was × 2",
      "Cheapest that keeps the promise (TTFT ≤ 1 s and TPOT ≤ 50 ms for 95 % of the requests): as it was × 1.",
      "What this cannot know:",
    ]
  ) expect(stdout).toContain(said);
  expect(stdout.split("\n").length).toBeLessThan(50);
});

test("--json prints the answer alone", async () => {
  const { stdout } = await ask(L4, "--policy", "sjf", "--draws", "2", "--json");
  const answer = JSON.parse(stdout);
  expect(answer.alternatives.map(({ name }: { name: string }) => name))
    .toEqual(["as it was", "sjf, 32 in flight"]);
  expect(answer.draws).toBe(2);
});

test("the report holds the same answer, with figures", async () => {
  const { success, stdout } = await ask(L4, "--draws", "3", "--out", folder);
  expect(success).toBe(true);
  const answer = JSON.parse(await Deno.readTextFile(join(folder, "answer.json")));
  const html = await Deno.readTextFile(join(folder, "reports", "13-what-if.html"));
  expect(stdout).toContain("Report: ");
  expect(html).toContain("E2E P50");
  expect(html).toContain(answer.limits[0]);
  expect(html.match(/<svg/g)!.length).toBeGreaterThanOrEqual(2);
}, 60_000);

test("bad input is refused in a sentence, and nothing is written", async () => {
  const out = join(folder, "nothing");
  const bad: readonly (readonly [string[], string])[] = [
    [["no-such.csv"], "no-such.csv: expected a file that can be read: there is no such file"],
    [[L4, "--server", "L4"], 'field server: got "L4", expected MODEL:GPU'],
    [[L4, "--servers", "3..1"], '--servers: got "3..1"'],
    [[L4, "--slo", "ttfb=1"], '--slo: got "ttfb=1"'],
    [[L4, "--dispatch", "soon"], '--dispatch: got "soon"'],
    [[L4, "--policy", "psychic"], "psychic"],
    [[], "Usage: deno task what-if"],
  ];
  for (const [args, said] of bad) {
    const { code, stdout, stderr } = await ask(...args, "--out", out);
    expect(code, args.join(" ")).toBe(1);
    expect(stderr, args.join(" ")).toContain(said);
    expect(stderr).not.toContain("    at ");
    expect(stdout).toBe("");
  }
  await expect(Deno.stat(out)).rejects.toThrow();
}, 60_000);

test("numbers of servers and promises in short", () => {
  expect(serversOf("2")).toEqual([2]);
  expect(serversOf("2..4")).toEqual([2, 3, 4]);
  expect(serversOf("1,4")).toEqual([1, 4]);
  expect(promiseOf("ttft=1,tpot=50ms,e2e=2.5s,share=99%"))
    .toEqual({ ttft: 1, tpot: 0.05, e2e: 2.5, share: 0.99 });
  expect(() => promiseOf("ttft=soon")).toThrow("--slo");
});
