import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readMetricsCsv } from "../../src/paper/metrics/read-metrics-csv.ts";
import { readRunJson } from "../../src/runs/read-run-json.ts";
import type { LiveSummary } from "../../src/tasks/live.ts";
import { readJournal } from "../../src/live/journal/read-journal.ts";
import { describeTrace } from "../../src/analysis/describe-trace.ts";
import { openTrace } from "../../src/traces/open-trace.ts";
import { live } from "../../src/live/live.ts";
import type { FaultSpecsInput } from "../../src/twin/faults/fault-spec.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { type ScriptedServer, scriptedServer } from "../support/scripted-server.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const KEY = "sk-not-for-anybody/4711+x";
const SPEED = 12;
const PAPER = ["--paper", "30", "--prompts", "token-ids", "--time", String(SPEED)];

let folder: string;
let out: string;
let twin: RunningTwin;
const others: (RunningTwin | ScriptedServer)[] = [];
beforeAll(async () => {
  twin = await startTwin({ speed: SPEED, perRequestMetrics: true });
});
afterAll(() => twin.stop());
beforeEach(async () => {
  folder = await Deno.makeTempDir();
  out = `${folder}/out`;
});
afterEach(async () => {
  for (const server of others.splice(0)) await server.stop();
  await Deno.remove(folder, { recursive: true });
});

function start(args: readonly string[], env: Record<string, string> = {}): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "live", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function outputOf(process: Deno.ChildProcess) {
  const { code, stdout, stderr } = await process.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const run = (args: readonly string[], env?: Record<string, string>) => outputOf(start(args, env));

test("writes a run that reads back, its metrics, its requests and what was seen of the server", async () => {
  const args = [...PAPER, "--server", twin.url, "--policy", "sjf", "--out", out, "--json"];
  const { code, stdout, stderr } = await run(args);
  expect(stderr).toContain("30 of 30 requests");
  expect(code).toBe(0);
  const summary = JSON.parse(stdout) as LiveSummary;
  expect(summary).toMatchObject({ requests: 30, completed: 30, attempts: 30, sessions: 1 });
  const saved = readRunJson(await Deno.readTextFile(`${out}/run.json`), "run.json");
  const { truth } = paperWorkload({ requests: 30, seed: 1 });
  expect(saved.outputTokens).toEqual(truth.outputTokens);
  const metrics = readMetricsCsv(await Deno.readTextFile(`${out}/metrics.csv`), "metrics.csv");
  expect(metrics.columns.generated_tokens).toEqual(saved.actualOutput);
  const requests = (await Deno.readTextFile(`${out}/requests.csv`)).trimEnd().split("\n");
  expect(requests).toHaveLength(31);
  const names = requests[0].split(",");
  const first = requests[1].split(",");
  const of = (name: string) => first[names.indexOf(name)];
  expect(of("chunk_gaps_us").split(" ")).toHaveLength(truth.outputTokens[0]);
  expect(Number(of("server_ttft"))).toBeGreaterThan(0);
  const telemetry = await Deno.readTextFile(`${out}/server_telemetry.csv`);
  expect(telemetry.split("\n")[0]).toMatch(/^time_s,server,up,.*kv_usage/);
  expect(telemetry.trimEnd().split("\n").length).toBeGreaterThan(2);
});

test("one name, one number: the summary and a description of its run say the same, and from where", async () => {
  const args = ["--paper", "30", "--prompts", "token-ids", "--server", twin.url, "--out", out];
  const time = ["--time", String(SPEED), "--dispatch", "in-flight:2"];
  const { code, stdout } = await run([...args, ...time]);
  expect(code).toBe(0);
  const printed = (name: string) =>
    Number(new RegExp(`^  ${name} +(\\S+) s$`, "m").exec(stdout)?.[1]);
  const { measured } = describeTrace(await openTrace(`${out}/run.json`));
  const both = ["send", "arrival"] as const;
  for (const from of both) {
    const ttft = measured![`ttft_from_${from}_s`]!, e2e = measured![`e2e_from_${from}_s`]!;
    const near = (value: number) => Number(value.toPrecision(4));
    expect(printed(`TTFT from ${from} P50`)).toBe(near(ttft.p50));
    expect(printed(`TTFT from ${from} P99`)).toBe(near(ttft.p99));
    expect(printed(`E2E from ${from} P50`)).toBe(near(e2e.p50));
    expect(printed(`E2E from ${from} P99`)).toBe(near(e2e.p99));
  }
  // Thirty requests through a window of two wait at the gateway: the two are not the same number.
  expect(printed("TTFT from arrival P50")).toBeGreaterThan(2 * printed("TTFT from send P50"));
  expect(stdout).not.toMatch(/^ *(TTFT|E2E) P/m);
});

test("a trace of lengths runs as a chat, with categories and bases of the command line", async () => {
  const trace = `${folder}/azure.csv`;
  const row = (i: number) => `2023-11-16 18:17:0${i % 10}.0000000,${40 + 30 * (i % 4)},${5 + i}`;
  const rows = Array.from({ length: 10 }, (_, i) => row(i));
  await Deno.writeTextFile(
    trace,
    ["TIMESTAMP,ContextTokens,GeneratedTokens", ...rows].join("\n") + "\n",
  );
  const args = ["--trace", trace, "--endpoint", "chat", "--policy", "sjf", "--server", twin.url];
  const more = ["--time", String(SPEED), "--out", out, "--json"];
  const plain = await run([...args, ...more, "--base-tokens", "90"]);
  expect(plain.code).toBe(0);
  const summary = JSON.parse(plain.stdout) as LiveSummary;
  expect(summary).toMatchObject({ completed: 10, attempts: 10 });
  expect(summary.ttft_from_send_p50).toBeLessThanOrEqual(summary.ttft_p50!);
  expect(summary.e2e_from_send_p99).toBeLessThanOrEqual(summary.e2e_p99!);
  expect(summary.warnings).toContainEqual(
    expect.stringMatching(
      /sjf has nothing but the lengths of prompts .* differ only as the prompts do/,
    ),
  );
  const saved = readRunJson(await Deno.readTextFile(`${out}/run.json`), "run.json");
  expect([...saved.requests.promptTokens]).toEqual(rows.map((_, i) => 40 + 30 * (i % 4)));

  await Deno.remove(out, { recursive: true });
  const told = await run([
    ...[...args, ...more, "--categories", "by-prompt:64"],
    ...["--base-tokens", "prompt 0–64=8,prompt over 64=12"],
  ]);
  expect(told.code).toBe(0);
  const warnings = (JSON.parse(told.stdout) as LiveSummary).warnings.join("\n");
  expect(warnings).not.toContain("counted other prompts");
  const known = readRunJson(await Deno.readTextFile(`${out}/run.json`), "run.json");
  expect([...known.requests.category.names]).toEqual(["prompt 0–64", "prompt over 64"]);
  expect([...(known.beliefs.base as Float64Array)])
    .toEqual(rows.map((_, i) => i % 4 === 0 ? 8 : 12));
});

test("Ctrl-C leaves a journal, says how to go on, and the run goes on", async () => {
  const args = [...PAPER, "--server", twin.url, "--out", out];
  const process = start(args);
  const journal = `${out}/journal.jsonl`;
  const size = () => Deno.stat(journal).then(({ size }) => size, () => 0);
  while (await size() < 3000) await new Promise((resolve) => setTimeout(resolve, 5));
  // `deno task` hands it on.
  process.kill("SIGINT");
  const { code, stderr } = await outputOf(process);
  expect(code).toBe(130);
  expect(stderr).toContain(`deno task live ${args.join(" ")} --resume`);
  expect([...Deno.readDirSync(out)].map(({ name }) => name).sort())
    .toEqual(["journal.jsonl", "server_telemetry.csv"]);
  readJournal(await Deno.readFile(journal), "journal");

  const again = await run([...args, "--resume", "--json"]);
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ completed: 30, sessions: 2 });
});

describe("is refused before the first request:", () => {
  const page = async (body: string, type = "text/html") => {
    const server = await scriptedServer((_request, wire) =>
      wire.answer(200, body, { "content-type": type })
    );
    others.push(server);
    return server;
  };
  test.each([
    ["no workload", [], "workload"],
    ["an unknown policy", ["--paper", "3", "--policy", "nice"], "expected one of fifo"],
    ["a bad window", ["--paper", "3", "--dispatch", "in-flight:0"], "dispatch.window"],
    ["a number that is none", ["--paper", "3", "--ramp", "soon"], '--ramp: got "soon"'],
    ["a model that is not there", ["--paper", "3", "--server", "URL=other"], "other"],
    ["an unknown option", ["--paper", "3", "--polcy", "sjf"], "--polcy"],
  ])("%s", async (_what, args, message) => {
    const servers = args.includes("--server") ? [] : ["--server", twin.url];
    const given = args.map((arg) => arg.replace("URL", twin.url));
    const { code, stderr } = await run([...given, ...servers, "--out", out]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    await expect(Deno.stat(`${out}/journal.jsonl`)).rejects.toThrow(Deno.errors.NotFound);
  });

  test("a web page instead of a server", async () => {
    const { url, requests } = await page("<html></html>");
    const { code, stderr } = await run(["--paper", "3", "--server", url, "--out", out]);
    expect(code).toBe(1);
    expect(stderr).toContain(url);
    expect(requests.every(({ method }) => method === "GET")).toBe(true);
  });
});

describe("the exit code says whether requests came to nothing", () => {
  const failing = async (faults: FaultSpecsInput, more: readonly string[]) => {
    const server = await startTwin({ clock: "virtual", faults });
    others.push(server);
    const args = ["--paper", "12", "--prompts", "token-ids", "--time", "virtual", "--json"];
    const given = [...args, "--server", server.url, "--out", out, ...more];
    const { code, stdout, stderr } = await run(given);
    return { code, stderr, summary: JSON.parse(stdout) as LiveSummary };
  };

  test("one that is rejected of twelve", async () => {
    const { code, stderr, summary } = await failing([{ kind: "status", status: 400, nth: 5 }], []);
    expect(summary).toMatchObject({ completed: 11, rejected: 1 });
    expect(stderr).toContain("1 of 12 requests failed or were rejected (--allow-failures: exit");
    expect(code).toBe(1);
  });

  test("one that fails of twelve, and the same where that is allowed", async () => {
    const faults: FaultSpecsInput = [{ kind: "wrong-json", nth: 5 }];
    const first = await failing(faults, ["--attempts", "1"]);
    expect(first.summary).toMatchObject({ completed: 11, failed: 1 });
    expect(first.code).toBe(1);
    await Deno.remove(out, { recursive: true });
    const allowed = await failing(faults, ["--attempts", "1", "--allow-failures"]);
    expect(allowed.summary).toMatchObject({ completed: 11, failed: 1 });
    expect(allowed.code).toBe(0);
  });

  test("a resumed run that had ended says the same again", async () => {
    const faults: FaultSpecsInput = [{ kind: "status", status: 400, nth: 5 }];
    const server = await startTwin({ clock: "virtual", faults });
    others.push(server);
    const args = ["--paper", "12", "--prompts", "token-ids", "--time", "virtual", "--json"];
    const given = [...args, "--server", server.url, "--out", out];
    expect((await run(given)).code).toBe(1);
    expect((await run([...given, "--resume"])).code).toBe(1);
    expect((await run([...given, "--resume", "--allow-failures"])).code).toBe(0);
  });
});

/** Every byte of every file under `path`, and their names. */
async function* filesUnder(path: string): AsyncGenerator<readonly [string, string]> {
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const inner = `${path}/${name}`;
    if (isDirectory) yield* filesUnder(inner);
    else yield [inner, new TextDecoder("latin1").decode(await Deno.readFile(inner))];
  }
}

describe("a key", () => {
  /** The key as it might be written somewhere. */
  const shapes = [
    KEY,
    encodeURIComponent(KEY),
    btoa(KEY),
    "Bearer",
    "uthorization:",
    KEY.slice(3, 15),
  ];
  const expectHidden = (text: string, where: string) => {
    for (const shape of shapes) expect(text.includes(shape), `${shape} in ${where}`).toBe(false);
  };

  test("is in no file and no output of a run with faults, Ctrl-C and resume", async () => {
    const faults: FaultSpecsInput = [
      { kind: "status", status: 401, nth: 2 },
      { kind: "status", status: 500, share: 0.1 },
      { kind: "html", nth: 7 },
      { kind: "reset-mid-stream", share: 0.1 },
      { kind: "stream-error", share: 0.1 },
      { kind: "wrong-json", share: 0.1 },
      { kind: "restart", nth: 15, seconds: 1 },
    ];
    const guarded = await startTwin({ speed: SPEED, apiKeys: [KEY], faults });
    others.push(guarded);
    const args = [...PAPER, "--server", guarded.url, "--out", out, "--allow-failures"];
    const env = { VLLM_API_KEY: KEY };
    const stopped = start(args, env);
    const size = () => Deno.stat(`${out}/journal.jsonl`).then(({ size }) => size, () => 0);
    while (await size() < 3000) await new Promise((resolve) => setTimeout(resolve, 5));
    stopped.kill("SIGINT");
    const first = await outputOf(stopped);
    expect(first.code).toBe(130);
    const second = await run([...args, "--resume"], env);
    expect(second.code).toBe(0);
    for (const { stdout, stderr } of [first, second]) expectHidden(stdout + stderr, "the output");
    let files = 0;
    for await (const [path, content] of filesUnder(folder)) {
      expectHidden(content, path);
      files++;
    }
    expect(files).toBeGreaterThanOrEqual(6);
    // Without it nobody is let in, and the message says where it is looked for, not what was sent.
    const { code, stderr } = await run(
      [...PAPER, "--server", guarded.url, "--out", `${folder}/b`],
      { VLLM_API_KEY: `${KEY}wrong` },
    );
    expect(code).toBe(1);
    expectHidden(stderr, "the refusal");
  });

  test("that a server repeats is in no result, error or progress of live()", async () => {
    const echo = await scriptedServer((request, wire) => {
      const { authorization } = request.headers;
      const error = { error: { message: `no such key: ${authorization}`, type: "x", code: 500 } };
      if (request.path === "/v1/models") {
        const data = [{ id: "m", object: "model", owned_by: "vllm", max_model_len: 4096 }];
        return wire.answer(200, JSON.stringify({ object: "list", data }));
      }
      if (request.method === "GET") return wire.answer(200, "{}");
      return wire.answer(500, JSON.stringify(error));
    });
    others.push(echo);
    Deno.env.set("LIVE_TEST_KEY", KEY);
    try {
      const seen: unknown[] = [];
      const result = await live(paperWorkload({ requests: 3 }), {
        servers: [echo.url],
        apiKeyVariable: "LIVE_TEST_KEY",
        retry: { attempts: 2, baseSeconds: 0.01 },
        out,
        onProgress: (progress) => seen.push(progress),
      });
      expect(echo.requests.some(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(
        true,
      );
      expect(result.record.reason).toEqual(["http-500", "http-500", "http-500"]);
      const shown = Deno.inspect([result, seen], { depth: 10, strAbbreviateSize: Infinity });
      const hidden = shapes.filter((shape) => shape !== "Bearer");
      for (const shape of hidden) {
        expect(shown.includes(shape), shape).toBe(false);
        expect(JSON.stringify(result).includes(shape), shape).toBe(false);
      }
      for await (const [path, content] of filesUnder(folder)) {
        for (const shape of hidden) expect(content.includes(shape), path).toBe(false);
      }
    } finally {
      Deno.env.delete("LIVE_TEST_KEY");
    }
  });
});
