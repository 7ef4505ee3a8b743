import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { live } from "../../src/paper/live.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { readJournal } from "../../src/live/journal/read-journal.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";

const workload = paperWorkload({ seed: 6, requests: 20 });
let twin: RunningTwin;
let out: string;
beforeEach(async () => {
  twin = await startTwin({ speed: 50 });
  out = await Deno.makeTempDir();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await twin.stop();
  await Deno.remove(out, { recursive: true });
});

const options = () => ({
  servers: [twin.url],
  time: 50,
  warmUp: 0,
  prompt: { prompts: "token-ids" } as const,
  out,
});
const full = (what: string) =>
  Object.assign(new Error(`No space left on device (os error 28): ${what}`), { code: "ENOSPC" });

/** Lets a run's journal fail at a call, after as many as went well. */
function failAt(call: "writeSync" | "syncDataSync", after: number) {
  const real = Deno.FsFile.prototype[call] as (this: Deno.FsFile, bytes: Uint8Array) => number;
  let left = after;
  vi.spyOn(Deno.FsFile.prototype, call).mockImplementation(
    function (this: Deno.FsFile, bytes: Uint8Array) {
      if (left-- > 0) return real.call(this, bytes);
      throw full("of the journal");
    } as never,
  );
}

test("a full disk is told as the journal's, though all that ends the run fails as well", async () => {
  failAt("writeSync", 12);
  // Telemetry is written at the end, and can't be either.
  const renamed = vi.spyOn(Deno, "rename").mockRejectedValue(new Error("of the telemetry"));
  await expect(live(workload, options())).rejects.toThrow(
    `can't write the journal ${out}/journal.jsonl: the disk is full (ENOSPC); set that right`,
  );
  expect(renamed, "the telemetry had its end all the same").toHaveBeenCalled();
  vi.restoreAllMocks();
  const { progress, sessions } = await live(workload, { ...options(), resume: true });
  expect([progress.states.completed, sessions]).toEqual([20, 2]);
});

test("a disk that keeps nothing any more ends the run at the first wait for it", async () => {
  failAt("syncDataSync", 3);
  await expect(live(workload, { ...options(), sync: "always" })).rejects.toThrow(
    `can't write the journal ${out}/journal.jsonl: the disk is full (ENOSPC)`,
  );
  const { entries } = readJournal(await Deno.readFile(`${out}/journal.jsonl`), "journal")!;
  const sent = entries.filter(({ kind }) => kind === "sent").length;
  // What was not known to be on the disk was not acted on.
  expect((await twin.stop()).requests).toBeLessThanOrEqual(sent);
});

test("an interrupted run is told as one, though its journal can't be closed well", async () => {
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  const running = live(workload, { ...options(), signal: stop.signal, onProgress });
  vi.spyOn(Deno, "rename").mockRejectedValue(new Error("of the telemetry"));
  await expect(running).rejects.toThrow("Live run interrupted");
});
