import { afterAll, beforeAll, expect, test } from "vitest";
import { substream, uniformInt } from "../../src/random/substream.ts";
import { readRunJson } from "../../src/runs/read-run-json.ts";
import { readJournal } from "../../src/live/journal/read-journal.ts";
import { live } from "../../src/paper/live.ts";
import { paperScheduler } from "../../src/paper/scheduler.ts";
import type { GatewayOptionsInput } from "../../src/gateway/gateway-options.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { checkLaws } from "./support/journal-laws.ts";

/** Kill points: cuts of the journal after any byte, and processes that get SIGKILL. */
const CUTS = 78;
const PROCESS_KILLS = 22;
const KILLS_A_RUN = 6;

const REQUESTS = 40;
const workload = paperWorkload({ seed: 1, requests: REQUESTS });
const gateway: GatewayOptionsInput = {
  scheduler: paperScheduler({ policy: "sjf" }),
  dispatch: { rule: "in-flight", window: 6 },
};
const random = substream(20, "kill points");

const SPEED = 50;
/** One in virtual time, one whose time passes. */
let twin: RunningTwin;
let running: RunningTwin;
let folder: string;
beforeAll(async () => {
  folder = await Deno.makeTempDir();
  [twin, running] = await Promise.all([
    startTwin({ clock: "virtual" }),
    startTwin({ speed: SPEED }),
  ]);
});
afterAll(async () => {
  await Promise.all([twin.stop(), running.stop()]);
  await Deno.remove(folder, { recursive: true });
});

function run(out: string, resume = false) {
  return live(workload, {
    servers: [twin.url],
    time: "virtual",
    ...gateway,
    prompt: { prompts: "token-ids", answerLengths: "server" },
    out,
    resume,
  });
}

/** Checks a finished run that was killed: `before` is the journal as the last kill left it. */
function checkResumed(out: string, before: Uint8Array) {
  const bytes = Deno.readFileSync(`${out}/journal.jsonl`);
  const whole = readJournal(before, "before")?.wholeBytes ?? 0;
  expect(bytes.subarray(0, whole), "what was written stays").toEqual(before.subarray(0, whole));
  const { entries } = readJournal(bytes, "journal")!;
  const rebuilt = checkLaws(workload, entries, { gateway, servers: 1 });
  expect(rebuilt.record.counts[0], "all complete").toBe(REQUESTS);
  const saved = readRunJson(Deno.readTextFileSync(`${out}/run.json`), "run.json");
  expect(saved.outputTokens).toEqual(rebuilt.record.outputTokens);
  expect(saved.beliefs).toEqual(rebuilt.scheduler.beliefs);
  expect(saved.estimatedOutput).toEqual(rebuilt.scheduler.record.estimatedOutput);
  expect(saved.finish).toEqual(rebuilt.record.finish);
}

test(`resumes from a journal cut after any byte: ${CUTS} of 100 kill points`, async () => {
  await run(`${folder}/whole`);
  const whole = await Deno.readFile(`${folder}/whole/journal.jsonl`);
  for (let cut = 0; cut < CUTS; cut++) {
    const out = `${folder}/cut-${cut}`;
    const bytes = whole.subarray(0, uniformInt(random, whole.length + 1));
    await Deno.mkdir(out);
    await Deno.writeFile(`${out}/journal.jsonl`, bytes);
    const { progress } = await run(out, true);
    expect(progress.states.completed).toBe(REQUESTS);
    checkResumed(out, bytes);
  }
});

const TASK = new URL("../../src/tasks/live.ts", import.meta.url).pathname;

function startProcess(out: string, virtual: boolean) {
  const [server, time] = virtual ? [twin.url, "virtual"] : [running.url, String(SPEED)];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", TASK, "--paper", String(REQUESTS), "--server", server].concat(
      ["--time", time, "--policy", "sjf", "--dispatch", "in-flight:6"],
      ["--prompts", "token-ids", "--answer-lengths", "server", "--out", out, "--resume"],
    ),
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}

/** Kills a process when its journal has reached `size`; true when that came before its end. */
async function killAt(process: Deno.ChildProcess, journal: string, size: number): Promise<boolean> {
  let over = false;
  const ended = process.status.then(() => over = true);
  while (!over && sizeOf(journal) < size) await new Promise((resolve) => setTimeout(resolve, 1));
  if (!over) process.kill("SIGKILL");
  const { signal } = await process.status;
  await ended;
  await process.stderr.cancel();
  return signal === "SIGKILL";
}

test(`resumes after SIGKILL of the process: ${PROCESS_KILLS} of 100 kill points`, async () => {
  const full = sizeOf(`${folder}/whole/journal.jsonl`);
  let kills = 0;
  for (let round = 0; kills < PROCESS_KILLS; round++) {
    const out = `${folder}/killed-${round}`;
    const virtual = round % 2 === 0;
    const journal = `${out}/journal.jsonl`;
    let here = 0;
    for (let at = 0; here < KILLS_A_RUN && kills < PROCESS_KILLS;) {
      at += 1 + uniformInt(random, Math.ceil(full / KILLS_A_RUN));
      if (!await killAt(startProcess(out, virtual), journal, at)) break;
      here++;
      kills++;
    }
    const before = Deno.readFileSync(journal);
    const { code, stderr } = await startProcess(out, virtual).output();
    expect(new TextDecoder().decode(stderr)).toContain(`${REQUESTS} of ${REQUESTS} requests`);
    expect(code).toBe(0);
    checkResumed(out, before);
  }
  expect(kills).toBe(PROCESS_KILLS);
});

test("a resumed run that had ended writes its files again and sends nothing", async () => {
  const out = `${folder}/whole`;
  await Deno.remove(`${out}/run.json`);
  const before = await Deno.readFile(`${out}/journal.jsonl`);
  await run(out, true);
  expect(await Deno.readFile(`${out}/journal.jsonl`)).toEqual(before);
  checkResumed(out, before);
});

test("a journal of another run is refused before the first request", async () => {
  const resume = live(paperWorkload({ seed: 2, requests: REQUESTS }), {
    servers: [twin.url],
    time: "virtual",
    ...gateway,
    scheduler: { policy: "fifo" },
    out: `${folder}/whole`,
    resume: true,
  });
  await expect(resume).rejects.toThrow(/row 1, field workload: .*journal belongs to another run/);
  await expect(resume).rejects.toThrow(/field options.scheduler: .*"sjf"/);
  await expect(run(`${folder}/whole`)).rejects.toThrow("no journal there");
});
