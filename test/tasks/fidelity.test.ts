import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const CPU = "data/vllm_cpu_measured/ds_burst.client16.fifo.requests.csv";
const COMPARED = [
  ...["ttft_p50", "ttft_p99", "tpot_p50", "tpot_p99", "e2e_p50", "e2e_p99"],
  ...["output_tokens_per_s", "makespan_s"],
];

function fidelity(...args: string[]) {
  return new Promise<{ failed: boolean; stdout: string; stderr: string }>((resolve) => {
    execFile(
      Deno.execPath(),
      ["run", "-A", "src/tasks/fidelity.ts", ...args],
      { cwd: root, env: { ...process.env, INIT_CWD: root } },
      (error, stdout, stderr) => resolve({ failed: error !== null, stdout, stderr }),
    );
  });
}

test("fidelity --json has the promised names, each with measured, simulated and error", async () => {
  const server = "data/servers/vllm-cpu-0.05b.json";
  const { failed, stdout } = await fidelity(CPU, "--server", server, "--json");
  expect(failed).toBe(false);
  const found = JSON.parse(stdout);
  for (const name of COMPARED) {
    const { measured, simulated, error_pct, low, high } = found[name];
    expect(error_pct, name).toBeCloseTo(100 * (simulated / measured - 1), 9);
    expect(low, name).toBeLessThanOrEqual(simulated);
    expect(high, name).toBeGreaterThanOrEqual(simulated);
    expect(high - low, name).toBeGreaterThan(0.01 * simulated);
  }
  expect(Math.abs(found.e2e_mae_pct)).toBeLessThan(5);
  expect(Math.abs(found.e2e_bias_pct)).toBeLessThanOrEqual(found.e2e_mae_pct);
  // Measured: as the recordings' README has it.
  expect(found.e2e_p50.measured).toBeCloseTo(35.3, 0.5);
  expect(found.makespan_s.measured).toBeCloseTo(71.5, 1);
  expect(found.machine.slower_pct).toBeLessThan(0);
  expect(found.interval_level).toBe(0.9);
  const { share_pct, unexplained_pct, error_pct } = found.budget.metrics.e2e_p99;
  const parts = Object.values(share_pct as Record<string, number>);
  expect(parts.reduce((sum, each) => sum + each, unexplained_pct)).toBeCloseTo(error_pct, 9);
});

test("fidelity prints errors for people, and takes the L4 log's flags from the server file", async () => {
  const log = "data/l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
  const { failed, stdout } = await fidelity(log, "--server", "data/servers/l4-qwen3-1.7b.json");
  expect(failed).toBe(false);
  expect(stdout).toMatch(/mean absolute error 2\.\d %, bias [+-]\d\.\d %, 90 % of them within/);
  expect(stdout).toMatch(/ttft_p99 +0\.1960 +0\.\d+ +[+-]\d+\.\d % +0\.\d+ – 0\.\d+/);
  expect(stdout).toMatch(/\d of 8 measured numbers lie in their 90 % intervals/);
  expect(stdout).toContain("No budget of the error: there is no iteration log of the run");
});

function named(stdout: string, metric: string) {
  const { judgements } = JSON.parse(stdout) as { judgements: { metric: string; why: string }[] };
  expect(judgements).toHaveLength(COMPARED.length);
  return judgements.find((each) => each.metric === metric)!;
}

test("fidelity judges by twice the noise of a run recorded twice, and says why a run misses", async () => {
  const data = "data/vllm_cpu_measured";
  const [first, again] = ["ds_l5.fcfs32", "ds_l5.fcfs32.repeat"]
    .map((run) => `${data}/${run}.requests.csv`);
  const args = ["--server", "data/servers/vllm-cpu-0.05b.json", "--json"];
  const run = `${data}/ds_l5.fcfs16.requests.csv`;
  // Two different policies stand in for a very noisy server.
  const noisy = `${data}/ds_l5_sjf.prio16.requests.csv`;
  const [judged, lenient, one] = await Promise.all([
    fidelity(run, ...args, "--noise", first, "--noise", again),
    fidelity(run, ...args, "--noise", run, "--noise", noisy),
    fidelity(run, ...args, "--noise", first),
  ]);
  const p50 = named(judged.stdout, "e2e_p50");
  expect(p50).toMatchObject({ metric: "e2e_p50", bound_pct: 10, within: false, cause: "machine" });
  expect(p50.why).toMatch(
    /slower in this run than in the fitted runs; at that speed the error is .*%/,
  );
  expect(named(lenient.stdout, "e2e_p50")).toMatchObject({ within: true, why: null });
  expect(one.failed).toBe(true);
  expect(one.stderr).toMatch(/field --noise.*two recordings of one run/);
});

test("fidelity takes a model on a card, and says what the numbers rest on", async () => {
  const log = "data/l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
  const { failed, stdout } = await fidelity(log, "--model", "Qwen3-1.7B", "--gpu", "L4");
  expect(failed).toBe(false);
  expect(stdout).toContain("on Qwen3-1.7B on NVIDIA L4: 160 requests");
  expect(stdout).toMatch(
    /The numbers rest on\n.*\n +model +stated .*\n +card .*\n +read bandwidth +measured/,
  );
});

test("fidelity refuses a server file with a slip, by field, and a run it has no flags for", async () => {
  const wrong = await fidelity(CPU, "--server", "data/datapackage.json");
  expect(wrong.failed).toBe(true);
  expect(wrong.stderr).toMatch(/data\/datapackage\.json, field cost/);
  const log = "data/l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
  const noFlags = await fidelity(log, "--server", "data/servers/vllm-cpu-0.05b.json");
  expect(noFlags.failed).toBe(true);
  expect(noFlags.stderr).toContain("the server's flags in");
  expect((await fidelity(CPU)).stderr).toContain(
    "expected Usage: deno task fidelity RUN.requests.(csv|jsonl)",
  );
});

test("fidelity reads a live run's requests.csv and a benchmark's result, and says what it took for granted", async () => {
  const server = ["--server", "data/servers/vllm-cpu-0.05b.json", "--json"];
  const bench = "test/fixtures/benchmark-tools/vllm-0.30-appended.json";
  const [live, sent, none, summary] = await Promise.all([
    fidelity("data/vllm_cpu_live/fifo.window16.requests.csv.gz", ...server),
    fidelity(bench, "--model", "Qwen3-1.7B", "--gpu", "L4", "--json"),
    fidelity("data/burstgpt/BurstGPT_3_first400.csv", "--model", "Qwen3-1.7B", "--gpu", "L4"),
    fidelity(bench, "--model", "Qwen3-1.7B", "--gpu", "L4", "--option", "result=1"),
  ]);
  const found = JSON.parse(live.stdout);
  expect(found.requests).toBe(300);
  expect(found.notes).toEqual([]);
  // The median of the column e2e of the file.
  expect(found.e2e_p50.measured).toBeCloseTo(8.4824, 3);
  expect(JSON.parse(sent.stdout).notes.join()).toContain("requests arrive when they were sent");
  expect(none).toMatchObject({ failed: true, stdout: "" });
  expect(none.stderr).toMatch(/field first token: got "unknown of \d+ of \d+ requests"/);
  expect(summary.stderr).toContain("this is a summary of 5 requests");
});
