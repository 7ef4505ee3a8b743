import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as z from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));
const Results = z.array(z.strictObject({
  name: z.string(),
  median_ms: z.number().positive(),
  min_ms: z.number().positive(),
  max_ms: z.number().positive(),
  runs: z.literal(1),
  per_second: z.number().positive().optional(),
  peak_rss_mb: z.number().positive().optional(),
}));

async function bench(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "src/tasks/bench.ts", ...args],
    cwd: root,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

test("every benchmark runs in a small size, and --json prints the array and nothing else", async () => {
  const { code, stdout } = await bench(
    "policy-pops",
    "cell-3000-microbatch",
    "cell-3000-continuous",
    "azure-conv",
    "mooncake-prefix",
    "burstgpt-10m",
    "paper-grid-600",
    "parse-1m",
    "parse-10m",
    "parse-mapped-1m",
    "parse-mapped-10m",
    "parse-jsonl-1m",
    "twin-1000-streams",
    "--smoke",
    "--json",
  );
  expect(code).toBe(0);
  const names = Results.parse(JSON.parse(stdout)).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining([
    "policy-pops",
    "policy-pops/fifo",
    "policy-pops/priority",
    "policy-pops/weighted",
    "policy-pops/sjf",
    "policy-pops/aging",
    "cell-3000-microbatch",
    "cell-3000-continuous",
    "azure-conv",
    "mooncake-prefix",
    "burstgpt-10m",
    "paper-grid-600",
    "parse-1m",
    "parse-10m",
    "parse-mapped-1m",
    "parse-mapped-10m",
    "parse-jsonl-1m",
    "twin-1000-streams",
  ]));
});

test("the table shows the bar of a benchmark", async () => {
  const { code, stdout } = await bench("cell-3000-microbatch", "--smoke");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^cell-3000-microbatch .* ≤ 15$/m);
});

test.each([
  ["an unknown benchmark", ["nothing"], 'field name: got "nothing", expected one of policy-pops'],
  [
    "an unknown option",
    ["--fast"],
    'command line, field arguments: got "--fast", expected known options, see --help',
  ],
])("%s ends with 1 and says what is known", async (_case, args, message) => {
  const { code, stdout, stderr } = await bench(...args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(message);
});
