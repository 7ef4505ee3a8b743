import { afterEach, expect, test } from "vitest";
import type { Entry } from "../../../src/live/journal/entry.ts";
import { encodeLine } from "../../../src/live/journal/line.ts";
import { type JournalContent, readJournal } from "../../../src/live/journal/read-journal.ts";
import { live } from "../../../src/paper/live.ts";
import { paperScheduler } from "../../../src/paper/scheduler.ts";
import { simulate } from "../../../src/paper/simulate.ts";
import { paperWorkload } from "../../../src/paper/workload.ts";
import { type RunningTwin, startTwin } from "../../../src/twin/start-twin.ts";
import { truthOf } from "../../../src/twin/workload-truth.ts";
import { checkLaws } from "../support/journal-laws.ts";

const NAME = "version-1-cut.jsonl";
const bytes = Deno.readFileSync(new URL(`../../fixtures/journal/${NAME}`, import.meta.url));
const workload = paperWorkload({ seed: 6, requests: 60 });
const dispatch = { rule: "in-flight", window: 6 } as const;

const twins: RunningTwin[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const twin of twins.splice(0)) await twin.stop();
  for (const folder of folders.splice(0)) await Deno.remove(folder, { recursive: true });
});

/** The journal as if its server had been at `url`, cut within a line as before. */
function servedAt(url: string, { header, entries }: JournalContent): Uint8Array<ArrayBuffer> {
  let sum = 0, text = "";
  for (const entry of [{ ...header, servers: [{ ...header.servers[0], url }] }, ...entries]) {
    // NaN is null in the file, and was so in the one that was read.
    const line = encodeLine(entry, sum);
    sum = line.sum;
    text += `${line.text}\n`;
  }
  return new TextEncoder().encode(`${text}{"kind":"sent","at":6.4`);
}

async function resumed(scheduler: Parameters<typeof live>[1]["scheduler"]) {
  const twin = await startTwin({ clock: "virtual", truth: truthOf(workload) });
  twins.push(twin);
  const out = await Deno.makeTempDir();
  folders.push(out);
  const before = readJournal(bytes, NAME)!;
  await Deno.writeFile(`${out}/journal.jsonl`, servedAt(twin.url, before));
  const result = await live(workload, {
    servers: [twin.url],
    time: "virtual",
    scheduler,
    dispatch,
    prompt: { prompts: "token-ids", answerLengths: "server" },
    out,
    resume: true,
  });
  const { entries } = readJournal(await Deno.readFile(`${out}/journal.jsonl`), "journal")!;
  return { ...result, twin, before: before.entries, entries };
}

const requestsOf = (entries: readonly Entry[], kind: Entry["kind"]) =>
  entries.flatMap((entry) => entry.kind === kind && "request" in entry ? [entry.request] : []);

test("a journal that version 1 wrote is read, its last half line left out", () => {
  const { header, entries, wholeBytes } = readJournal(bytes, NAME)!;
  expect(header.version).toBe(1);
  expect(entries).toHaveLength(109);
  expect(bytes.length - wholeBytes).toBe(40);
});

test("it is gone on with to the end: what was answered is not asked again", async () => {
  const { run, twin, before, entries, sessions } = await resumed({ policy: "sjf" });
  expect(entries.slice(0, before.length)).toEqual(before);
  expect(sessions).toBe(2);
  const answered = requestsOf(before, "completed");
  expect(answered.length).toBeGreaterThan(20);
  const sentLater = requestsOf(entries.slice(before.length), "sent");
  expect(new Set(sentLater)).toEqual(
    new Set([...Array(60).keys()].filter((row) => !answered.includes(row))),
  );
  expect((await twin.stop()).requests).toBe(sentLater.length);
  checkLaws(workload, entries, {
    gateway: { scheduler: paperScheduler({ policy: "sjf" }), dispatch },
    servers: 1,
  });
  expect(run.status.every((code) => code === 0)).toBe(true);
  expect(run.outputTokens).toEqual(workload.truth.outputTokens);
});

test("what had been estimated and learned before the cut is as an uninterrupted run has it", async () => {
  const { run, before } = await resumed({ policy: "sjf" });
  const whole = simulate(workload, { scheduler: { policy: "sjf" }, dispatch });
  const admitted = requestsOf(before, "arrived"), answered = requestsOf(before, "completed");
  expect(admitted.map((row) => run.estimatedOutput[row]))
    .toEqual(admitted.map((row) => whole.estimatedOutput[row]));
  expect(answered.map((row) => run.feedbackPlace[row])).toEqual([...answered.keys()]);
});

test("under another policy it is the journal of another run, in today's words", async () => {
  await expect(resumed({ policy: "fifo" })).rejects.toThrow(
    /field options\.scheduler: got .*"sjf".*another run/,
  );
  await expect(
    resumed({ policy: "sjf", estimator: { options: { calibrator: "none" } } }),
  ).rejects.toThrow(/field options\.scheduler: .*another run/);
});
