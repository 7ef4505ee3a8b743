import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { burstGptFile } from "../../src/bench/burstgpt-file.ts";
import { withoutSetUp } from "../support/run-deno.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const BURST = join(root, "data/burstgpt/BurstGPT_1_first999.csv");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftsched-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function trace(args: readonly string[], input?: Uint8Array) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "src/tasks/trace.ts", ...args],
    cwd: root,
    stdin: input ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input) await new Blob([input as Uint8Array<ArrayBuffer>]).stream().pipeTo(child.stdin);
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: withoutSetUp(text(stderr)) };
}

test("describe prints format and reason, rows, rates, burstiness, lengths and shares", async () => {
  const { code, stdout } = await trace(["describe", BURST]);
  expect(code).toBe(0);
  // Source: notes on the traces, table of rates and lengths.
  for (
    const line of [
      "(burstgpt): 999 rows read, 888 kept, 0 refused",
      "recognised by: header with Timestamp, Request tokens and Response tokens",
      "set aside: 111 rows, failed requests",
      "888 in 49312 s: 0.01799 a second",
      "CV 5.213, index of dispersion 1.018 (1 s) 1.284 (10 s) 3.003 (60 s)",
      "mean 588.6, p50 381.5, p90 1525, p99 1969",
      "mean 292.7, p50 253.5, p90 569.3, p99 1335",
      "0.2972 of log(1 + tokens)",
      "models        2: ChatGPT 79.3 %, GPT-4 20.7 %",
      "unserved      111, by status 1: failed 100.0 %",
    ]
  ) expect(stdout).toContain(line);
});

test("--json is the report and the statistics; a file comes through standard input too", async () => {
  const { code, stdout } = await trace(["describe", "-", "--json"], await Deno.readFile(BURST));
  expect(code).toBe(0);
  const { report, statistics, unserved } = JSON.parse(stdout);
  expect(report).toMatchObject({ source: "standard input", format: "burstgpt", rowsRead: 999 });
  expect(statistics).toMatchObject({ requests: 888, tenants: [{ name: "default", share: 1 }] });
  expect(unserved.all_arrivals.requests).toBe(999);
});

test("a file with bad rows is refused with the first twenty; lenient counts them", async () => {
  const lines = (await Deno.readTextFile(BURST)).split("\n");
  for (let i = 1; i <= 25; i++) lines[i] = lines[i].replace(/^\d+/, "NaN");
  const path = join(folder, "bad.csv");
  await writeFile(path, lines.join("\n"));
  const strict = await trace(["describe", path]);
  expect([strict.code, strict.stdout]).toEqual([1, ""]);
  const problems = strict.stderr.trim().split("\n");
  expect(problems.length).toBe(21);
  expect(problems[0]).toBe(
    `${path}, row 2, field Timestamp: expected a time in a row with an answer; the cell is empty or ` +
      "says none",
  );
  // One of the 25 got no answer: it needs no time.
  expect(problems[20]).toBe(`… and 4 more problems in ${path} (24 rows refused)`);
  const lenient = await trace(["describe", path, "--lenient"]);
  expect(lenient.code).toBe(0);
  expect(lenient.stdout).toContain("999 rows read, 864 kept, 24 refused");
});

test("columns are mapped on the command line or in a file, for every verb that reads", async () => {
  const log = join(folder, "own.csv");
  await writeFile(
    log,
    "ts_ms;prompt_tok;completion_tok;user\n1763324552000;5;2;ada\n1763324553500;6;3;bob\n",
  );
  const map = "arrival=ts_ms:ms,prompt=prompt_tok,output=completion_tok,tenant=user";
  const inline = await trace(["describe", log, "--map", map]);
  expect(inline.code).toBe(0);
  expect(inline.stdout).toContain("(mapped): 2 rows read, 2 kept");
  expect(inline.stdout).toContain("tenants       2: ada 50.0 %, bob 50.0 %");
  const file = join(folder, "map.json");
  await writeFile(
    file,
    JSON.stringify({ arrival: "ts_ms:ms", prompt: "prompt_tok", output: "completion_tok" }),
  );
  const out = join(folder, "own.jsonl");
  const written = await trace(["convert", log, "--map", file, "--to", "mooncake", "-o", out]);
  expect(written.code).toBe(0);
  expect((await Deno.readTextFile(out)).split("\n")[1]).toContain('"timestamp": 1500');
  const input = await Deno.readFile(log);
  expect((await trace(["describe", "-", "--map", file], input)).code).toBe(0);
});

test("a map that does not fit is refused, and nothing is written", async () => {
  const log = join(folder, "own.csv");
  const out = join(folder, "nothing.jsonl");
  const args = ["convert", log, "--to", "mooncake", "-o", out];
  const map = "arrival=tsms:ms,prompt=prompt_tok,output=completion_tok";
  const { code, stdout, stderr } = await trace([...args, "--map", map]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(`${log}, row 1, field tsms: expected a column of the file for arrival`);
  const unmapped = await trace(args);
  expect(unmapped.code).toBe(1);
  expect(unmapped.stderr).toContain("--map 'arrival=ts_ms:ms,prompt=prompt_tok");
  await expect(Deno.stat(out)).rejects.toThrow();
});

test("options of a format are given by name, and refused by name", async () => {
  const lengths = join(root, "data/lmsys_lengths/lmsys_1024_llama_tokenizer_lengths.csv");
  const poisson = await trace(["describe", lengths, "--option", "rate=4", "--option", "seed=2"]);
  expect(poisson.stdout).toContain("assumed: Poisson arrivals of 4 a second, seed 2");
  const unknown = await trace(["describe", lengths, "--option", "speed=4"]);
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    "options of format lengths, field speed: got 4, expected a known name, one of rate, seed\n",
  ]);
});

test("convert writes another format and says what that has no place for", async () => {
  const out = join(folder, "out.jsonl");
  const { code, stderr } = await trace(["convert", BURST, "--to", "mooncake", "-o", out]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^not kept: model: 2 \(ChatGPT, GPT-4\)$/m);
  expect(stderr).toMatch(/^not kept: requests without an answer: 111$/m);
  const { stdout } = await trace(["describe", out, "--json"]);
  expect(JSON.parse(stdout).statistics).toMatchObject({ requests: 888, span_s: 49_312 });
  const refused = await trace(["convert", BURST, "--to", "azure", "-o", out]);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('field format: got "azure", expected one of driftsched-workload'),
  ]);
});

test.skipIf(Deno.build.os === "windows")(
  "Ctrl-C in the middle of writing leaves nothing",
  async () => {
    const path = join(folder, "large.csv");
    await writeFile(path, burstGptFile(500_000));
    let interrupted = false;
    // A machine that is busy elsewhere may let the write end before it is interrupted.
    for (let attempt = 0; !interrupted && attempt < 5; attempt++) {
      const target = await mkdtemp(join(folder, "out-"));
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "src/tasks/trace.ts", "convert", path, "--to", "burstgpt"]
          .concat("-o", join(target, "out.csv")),
        cwd: root,
        stdout: "null",
        stderr: "null",
      }).spawn();
      const names = () => readdir(target);
      await vi.waitUntil(async () => (await names()).length > 0, { timeout: 30_000, interval: 5 });
      child.kill("SIGINT");
      const { code } = await child.status;
      expect(await names()).toEqual(code === 130 ? [] : ["out.csv"]);
      interrupted = code === 130;
    }
    expect(interrupted).toBe(true);
  },
);

test("a command that is none prints the usage and ends with 1", async () => {
  const { code, stderr } = await trace(["explain", BURST]);
  expect(code).toBe(1);
  expect(stderr).toContain("Usage: deno task trace describe FILE");
  expect(stderr).toContain("burstgpt             BurstGPT, version 1 or 2");
});

test("convert writes another format and says what that has no place for", async () => {
  const out = join(folder, "burst.csv");
  const { code, stderr } = await trace(["convert", BURST, "--to", "blis-tracev2", "-o", out]);
  expect(code).toBe(0);
  expect(stderr).toContain(`wrote ${join(folder, "burst.yaml")}: the YAML header of the trace`);
  expect(stderr).toContain("888 requests in format blis-tracev2");
  expect(stderr).toContain("not kept: category: 2 (Conversation log, API log)");
  const again = await trace(["describe", out, "--json"]);
  expect(JSON.parse(again.stdout).report).toMatchObject({
    format: "blis-tracev2",
    rowsRead: 999,
    rowsKept: 888,
  });
});

test("convert refuses a format that cannot be written, and an option that is none", async () => {
  const out = join(folder, "none");
  const to = (...more: string[]) => trace(["convert", BURST, "-o", out, "--to", ...more]);
  expect((await to("azure")).stderr).toContain(
    'options, field format: got "azure", expected one of driftsched-workload, burstgpt, mooncake',
  );
  expect((await to("vllm-timed-trace", "--to-option", "blockTokens=0")).stderr)
    .toContain("field blockTokens: got 0");
  await expect(Deno.stat(out)).rejects.toThrow();
});

test("fit prints the original beside the generated, and generate makes a trace of the spec", async () => {
  const spec = join(folder, "spec.json");
  const fitted = await trace(["fit", BURST, "-o", spec]);
  expect(fitted.code).toBe(0);
  expect(fitted.stderr).toContain("888 kept");
  expect(fitted.stdout).toMatch(/gap_cv +5\.213 +\d/);
  expect(fitted.stdout).toContain("Misfit: lengths of prompts change over the trace");
  const made = join(folder, "made.csv");
  const { code, stderr } = await trace(["generate", spec, "--to", "burstgpt", "-o", made]);
  expect(stderr).toMatch(/wrote .*made\.csv: \d+ requests in format burstgpt/);
  expect(code).toBe(0);
  const { rows } = JSON.parse((await trace(["fit", made, "--json"])).stdout).spec.streams
    .reduce((sum: { rows: number }, { classes }: { classes: { weight: number }[] }) => ({
      rows: sum.rows + classes.reduce((all, { weight }) => all + weight, 0),
    }), { rows: 0 });
  expect(Math.abs(rows / 888 - 1)).toBeLessThan(0.15);
});

test("generate and describe say what share of prompt tokens repeats a prefix, where that is known", async () => {
  const spec = join(folder, "chat.json");
  const tokens = (tokens: number) => ({ model: "constant", tokens });
  await writeFile(
    spec,
    JSON.stringify({
      requests: 100,
      streams: [{
        arrivals: { process: "poisson", rate: 1 },
        classes: [{
          prompt: tokens(16),
          output: tokens(4),
          prompts: { system: { tokens: tokens(48) } },
        }],
      }],
    }),
  );
  const made = join(folder, "chat.workload.json");
  // All but the first find 48 of 64 tokens.
  const text = "74.3 % of prompt tokens repeat an earlier prefix";
  const generated = await trace(["generate", spec, "--to", "driftsched-workload", "-o", made]);
  expect(generated.stderr).toContain(`prefixes: ${text}`);
  expect((await trace(["describe", made])).stdout).toContain(text);
  const described = JSON.parse((await trace(["describe", made, "--json"])).stdout);
  expect(described.shared_prefix_share).toBe(99 * 48 / 6400);
  expect((await trace(["describe", BURST])).stdout).toMatch(/prefixes +not known/);
});

test("a spec that is none is refused by name", async () => {
  const spec = join(folder, "bad.json");
  await writeFile(spec, "{");
  const to = ["--to", "burstgpt", "-o", join(folder, "none.csv")];
  const broken = await trace(["generate", spec, ...to]);
  expect([broken.code, broken.stderr]).toEqual([
    1,
    expect.stringContaining("a workload spec in JSON"),
  ]);
  await writeFile(spec, '{"requests": 5, "streams": []}');
  const empty = await trace(["generate", spec, ...to]);
  expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining("field streams: got []")]);
  expect(await readdir(folder)).not.toContain("none.csv");
});

test("files of a run without requests are described for what they are", async () => {
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const queue = await write(
    "queue_depth.csv",
    "elapsed_seconds,premium_queue,batch_queue,total_queue_size\n0,1,2,3\n1,0,1,1\n",
  );
  expect((await trace(["describe", queue])).stdout).toMatch(
    /^queue-depth: described, not read as requests\nrecognised by: [^]*most_waiting +3\nmean_waiting +2\n/,
  );
  const gpu = await write(
    "telemetry.csv",
    "timestamp, index, name, temperature.gpu, power.draw [W], pstate, clocks.sm, clocks.mem, " +
      "utilization.gpu, utilization.memory, memory.used, memory.total\n" +
      "2026/05/01 12:00:00.000, 0, NVIDIA L4, 50, 70.00 W, P0, 2040 MHz, 6251 MHz, 99 %, 80 %, " +
      "20000 MiB, 23034 MiB\n" +
      "2026/05/01 12:00:02.000, 0, NVIDIA L4, 50, 72.00 W, P0, 2040 MHz, 6251 MHz, 99 %, 80 %, " +
      "20100 MiB, 23034 MiB\n",
  );
  expect(JSON.parse((await trace(["describe", gpu, "--json"])).stdout).facts).toMatchObject({
    rows: 2,
    span_s: 2,
    gpus: { "0": { name: "NVIDIA L4", most_power_w: 72, energy_j: 142 } },
  });
  const bench = await write(
    "bench.json",
    JSON.stringify({
      duration: 2,
      completed: 3,
      total_input_tokens: 5,
      total_output_tokens: 7,
      request_throughput: 1.5,
    }),
  );
  const { stdout } = await trace(["describe", bench, "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    record: "vllm-bench-summary",
    facts: { completed: 3 },
  });
});
