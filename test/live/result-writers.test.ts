import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readJournal } from "../../src/live/journal/read-journal.ts";
import { live } from "../../src/live/live.ts";
import type { LiveOptionsInput } from "../../src/live/live-options.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import type { Run } from "../../src/runs/run.ts";
import { writeRunJson } from "../../src/runs/run-json.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";

const workload = paperWorkload({ seed: 6, requests: 8 });
let twin: RunningTwin;
let out: string;
beforeEach(async () => {
  twin = await startTwin({ clock: "virtual" });
  out = await Deno.makeTempDir();
});
afterEach(async () => {
  await twin.stop();
  await Deno.remove(out, { recursive: true });
});
const options = (): LiveOptionsInput => ({
  servers: [twin.url],
  time: "virtual",
  prompt: { prompts: "token-ids" },
  out,
});

test("further result files are what their writers make of the run, beside the run's own", async () => {
  const waits = vi.fn(({ start, arrival }: Run) =>
    [...start].map((at, i) => at - arrival[i]).join()
  );
  const { run, files } = await live(workload, { ...options(), writers: { "waits.csv": waits } });
  expect(files.map((path) => path.slice(out.length + 1)))
    .toEqual(["run.json", "queue_depth.csv", "requests.csv", "waits.csv"]);
  const [entry] = readJournal(await Deno.readFile(`${out}/journal.jsonl`), "journal")!.entries;
  const { epochSeconds } = entry as unknown as { epochSeconds: number };
  expect(waits.mock.calls).toEqual([[run, { epochSeconds }]]);
  expect(await Deno.readTextFile(`${out}/waits.csv`)).toBe(waits.mock.results[0].value);
});

test("a writer that fails loses none of the run's own files, and the run can be resumed", async () => {
  const bad = () => 3 as unknown as string;
  await expect(live(workload, { ...options(), writers: { "x.csv": bad } }))
    .rejects.toThrow("writers.x.csv: got 3, expected a function that returns the file's text");
  const saved = await Deno.readTextFile(`${out}/run.json`);
  const writers = { "x.csv": () => "x" };
  const again = await live(workload, { ...options(), resume: true, writers });
  expect(writeRunJson(again.run)).toBe(saved);
  expect(await Deno.readTextFile(`${out}/x.csv`)).toBe("x");
});

test.each<[string, Record<string, unknown>, string]>([
  ["of a file that is the run's own", { "Run.json": () => "" }, "is free"],
  [
    "of a file that a resumed run has of its own",
    { "server_telemetry-2.csv": () => "" },
    "is free",
  ],
  ["outside the folder", { "../x.csv": () => "" }, "the name of a file"],
  ["that is none", { "x.csv": "text" }, 'writers.x.csv: got "text", expected a function'],
  [
    "of a file that another one writes",
    { "x.csv": () => "", "X.csv": () => "" },
    'writers.X.csv: got "X.csv", expected a name that is free',
  ],
])("a writer %s is refused before anything is written", async (_what, writers, message) => {
  const run = live(workload, { ...options(), writers: writers as Record<string, () => string> });
  await expect(run).rejects.toThrow(message);
  expect([...Deno.readDirSync(out)]).toEqual([]);
});

describe("a folder that holds files of the names that a run writes", () => {
  test.each(["run.json", "queue_depth.csv", "requests.csv", "waits.csv", "server_telemetry.csv"])(
    "but no journal is refused before a request is sent: %s",
    async (name) => {
      await Deno.writeTextFile(`${out}/${name}`, "mine");
      await Deno.writeTextFile(`${out}/notes.txt`, "mine, too");
      for (const resume of [false, true]) {
        const writers = { "waits.csv": () => "" };
        const refused = live(workload, { ...options(), writers, resume });
        await expect(refused).rejects.toThrow(
          `${out}: got "${name}", expected a folder that holds no such files`,
        );
      }
      expect(await Deno.readTextFile(`${out}/${name}`)).toBe("mine");
      expect(Array.from(Deno.readDirSync(out)).length).toBe(2);
      expect((await twin.stop()).requests).toBe(0);
    },
  );

  test("and the run's journal is the run's own: they are written again", async () => {
    await live(workload, options());
    const { files } = await live(workload, { ...options(), resume: true });
    expect(files).toContain(`${out}/run.json`);
  });

  test("other files beside are no concern of a run", async () => {
    await Deno.writeTextFile(`${out}/notes.txt`, "mine");
    await live(workload, options());
    expect(await Deno.readTextFile(`${out}/notes.txt`)).toBe("mine");
  });
});
