import { afterAll, beforeAll, expect, test } from "vitest";
import { live } from "../../src/paper/live.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";

const workload = paperWorkload({ seed: 6, requests: 8 });
let twin: RunningTwin;
let folder: string;
let journal: string;
beforeAll(async () => {
  twin = await startTwin({ clock: "virtual" });
  folder = await Deno.makeTempDir();
  await run(`${folder}/whole`, false);
  journal = await Deno.readTextFile(`${folder}/whole/journal.jsonl`);
});
afterAll(async () => {
  await twin.stop();
  await Deno.remove(folder, { recursive: true });
});

const run = (out: string, resume: boolean) =>
  live(workload, {
    servers: [twin.url],
    time: "virtual",
    prompt: { prompts: "token-ids" },
    out,
    resume,
  });

/** Requests that the twin has answered. */
async function requestsOf(): Promise<number> {
  const page = await (await fetch(`${twin.url}/metrics`)).text();
  const counts = page.matchAll(/^vllm:request_success_total\{.*\} (\d+)/gm);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

const NOTES = "Remember to call the supplier on Tuesday";

test.each<[string, (whole: string) => string]>([
  ["whose line ends were converted to \\r", (whole) => whole.replaceAll("\n", "\r")],
  ["whose line ends were converted to \\r\\n", (whole) => whole.replaceAll("\n", "\r\n")],
  ["whose line ends are gone", (whole) => whole.replaceAll("\n", " ")],
  ["of one foreign line", () => NOTES],
  ["of some foreign lines", () => `${NOTES}\n${NOTES}\n`],
  ["with foreign lines behind it", (whole) => `${whole}${NOTES}`],
  ["with a changed digit", (whole) => whole.replace(/"at":\d/, '"at":7')],
])(
  "a resume from a journal %s is refused, changes nothing and sends nothing",
  async (what, change) => {
    const out = `${folder}/${what.replaceAll(/\W/g, "-")}`;
    const changed = change(journal);
    await Deno.mkdir(out);
    await Deno.writeTextFile(`${out}/journal.jsonl`, changed);
    expect(await requestsOf()).toBe(8);
    await expect(run(out, true)).rejects.toThrow("Nothing was changed");
    expect(await requestsOf()).toBe(8);
    expect(await Deno.readTextFile(`${out}/journal.jsonl`)).toBe(changed);
    expect(Array.from(Deno.readDirSync(out), ({ name }) => name)).toEqual(["journal.jsonl"]);
  },
);
