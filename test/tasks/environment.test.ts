import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readJournal } from "../../src/live/journal/read-journal.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const TRACE = `${ROOT}data/burstgpt/BurstGPT_1_first999.csv`;

let folder: string;
let twin: RunningTwin;
beforeAll(async () => {
  [folder, twin] = await Promise.all([Deno.makeTempDir(), startTwin({ clock: "virtual" })]);
  await Deno.writeTextFile(`${folder}/file`, "mine");
  await Deno.mkdir(`${folder}/folder/in`, { recursive: true });
  const spec = { requests: 1e12, streams: [] };
  await Deno.writeTextFile(`${folder}/large.json`, JSON.stringify(spec));
  await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
});
afterAll(async () => {
  await twin.stop();
  await Deno.remove(folder, { recursive: true });
});

/** Runs a shell's line in which $T is a task's beginning, $F the folder; no colours, no store. */
async function shell(line: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: [
      "-o",
      "pipefail",
      "-c",
      line.replaceAll("$T ", `"${Deno.execPath()}" run -A src/tasks/`),
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1", INIT_CWD: ROOT, DRIFTSCHED_STORE: "off", F: folder, TRACE, ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const shown = (text: string) => text.replaceAll("$F", folder).replaceAll("$TRACE", TRACE);

/** The last lines, which are the error, are one sentence with path and cause; nothing is a stack. */
function expectSentence(
  { code, stderr }: { readonly code: number; readonly stderr: string },
  words: string,
) {
  expect(stderr).toContain(shown(words));
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toMatch(/Uncaught|os error/);
  expect(code).toBe(1);
}

const FULL = "can't write standard output: the disk is full (ENOSPC); ";

describe.concurrent("a task's error is one sentence, and its exit code is 1", () => {
  test.each([
    ...["report", "check", "bench", "lab", "verify", "what-if", "conformance", "trace"],
    ...["fit", "fidelity", "live", "twin"],
  ])("%s, printing to a full disk", async (task) => {
    expectSentence(await shell(`$T ${task}.ts --help > /dev/full`), FULL);
  });

  test.each([
    ["trace.ts describe $TRACE > /dev/full", FULL],
    [
      "trace.ts fit $TRACE -o /dev/full",
      "can't write /dev/full: it is no ordinary file (ENOTFILE)",
    ],
    [
      "trace.ts fit $TRACE -o $F/folder",
      "can't write $F/folder: it is a folder, not a file (EISDIR)",
    ],
    [
      "trace.ts fit $TRACE -o $F/file/spec.json",
      "can't write $F/file/spec.json: a part of the path",
    ],
    ["trace.ts fit $TRACE -o $F/$(printf '%0300d' 1)", "the name is too long (ENAMETOOLONG)"],
    [
      "trace.ts fit $TRACE -o $F/file",
      "$F/file: expected no file of other content; add --overwrite",
    ],
    [
      "trace.ts convert $TRACE --to mooncake -o /proc/out.jsonl",
      "can't write /proc/out.jsonl: there is no such file or folder (ENOENT)",
    ],
    ["trace.ts convert $TRACE --to burstgpt -o $F/file", "expected no file of other content"],
    ["trace.ts generate $F/large.json --to burstgpt -o $F/o", "field requests: got 1000000000000"],
    ["trace.ts describe $F/folder", "$F/folder: expected a file"],
    ["trace.ts describe $F/none", "$F/none: expected a file that can be read"],
    ["trace.ts describe $F/file/none", "$F/file/none"],
    ["fit.ts $F/folder", "$F/folder: expected a file that can be read: it is a folder"],
    ["fidelity.ts $TRACE --server $F/folder", "$F/folder: expected a file that can be read"],
    ["conformance.ts $F/file", "$F/file: expected a directory"],
    ["what-if.ts $TRACE --servers 1..1000000000000", "field --servers: got"],
    ["what-if.ts $TRACE --no-report --rate 1e-300", "what-if options, field rate: got 1e-300"],
    ["twin.ts --num-gpu-blocks-override 1000000000000", "field num_gpu_blocks: got 1000000000000"],
    ["twin.ts --block-size 1000000000000", "field block_size: got 1000000000000"],
    ["DRIFTSCHED_FIGURES=$F/file|report.ts 07-bring-your-own", "can't use $F/file/reports: "],
    ["live.ts --paper 1e12 --server $URL --out $F/o", "field requests: got 1000000000000"],
    ["live.ts --paper=-3 --server $URL --out $F/o", "field requests: got -3"],
    ["live.ts --paper NaN --server $URL --out $F/o", "field --paper: got "],
    [
      "live.ts --paper 3 --requests 1e12 --server $URL --out $F/o",
      "field count: got 1000000000000",
    ],
    [
      "live.ts --paper 3 --time virtual --server $URL --out $F/file",
      "can't look into $F/file: a part of the path is a file, not a folder (ENOTDIR)",
    ],
    [
      "live.ts --paper 3 --time virtual --server $URL --out $F/file/o",
      "can't look into $F/file/o: a part of the path is a file, not a folder (ENOTDIR)",
    ],
    [
      "live.ts --paper 3 --time virtual --server $URL --out /proc/o",
      "can't start the journal /proc/o/journal.jsonl: there is no such file or folder (ENOENT)",
    ],
    [
      "live.ts --paper 3 --time virtual --server $URL --out $F/$(printf '%0300d' 1)",
      "the name is too long (ENAMETOOLONG)",
    ],
  ])("%s", async (line, words) => {
    const [environment, command] = line.includes("|") ? line.split("|") : ["", line];
    expectSentence(await shell(`${environment} $T ${command}`, { URL: twin.url }), words);
    expect(await Deno.readTextFile(`${folder}/file`)).toBe("mine");
  });

  test("a reader that has read enough is no error", async () => {
    const { stdout, stderr } = await shell("$T trace.ts describe $TRACE | head -1");
    expect(stdout).toContain("BurstGPT_1_first999.csv (burstgpt): 999 rows read");
    expect(stderr).toBe("");
  });

  test("a full disk for the error, too, leaves the exit code", async () => {
    expect((await shell("$T trace.ts describe $TRACE > /dev/full 2> /dev/full")).code).toBe(1);
  });
});

test("every task goes through the one entry that says errors in words", async () => {
  const tasks: string[] = [];
  for (const task of Object.values(JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)).tasks)) {
    const [, file] = /src\/tasks\/([\w-]+\.ts)/.exec(task as string) ?? [];
    const [, confined] = /confined\.ts ([\w-]+)$/.exec(task as string) ?? [];
    if (confined !== undefined) tasks.push(`${confined}.ts`);
    else if (file !== undefined) tasks.push(file);
  }
  expect(tasks.length).toBeGreaterThan(12);
  for (const file of tasks) {
    expect(await Deno.readTextFile(`${ROOT}src/tasks/${file}`), file).toContain("await exitWith(");
  }
});

/** Whether this machine lets a test mount a disk of its own. */
const mounts = new Deno.Command("unshare", {
  args: ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
  stderr: "null",
});
const canMount = await mounts.output().then(({ success }) => success, () => false);

describe.skipIf(!canMount)("on a disk of its own", () => {
  /** Runs a line where $F/disk is a disk of so many bytes. */
  const onDisk = async (options: string, line: string) => {
    await Deno.mkdir(`${folder}/disk`, { recursive: true });
    return await shell(
      `unshare -rm bash -c '
      mount -t tmpfs -o ${options} tmpfs $F/disk
      ${line}'`,
      { URL: twin.url },
    );
  };
  const live = "$T live.ts --paper 60 --prompts token-ids --time virtual --server $URL";

  test("a run that fills it says so, and goes on when there is room", async () => {
    const { code, stderr, stdout } = await onDisk(
      "size=24k",
      `${live} --out $F/disk/o > /dev/null; echo $?
      cp $F/disk/o/journal.jsonl $F/before
      mount -o remount,size=10m $F/disk
      ${live} --out $F/disk/o --resume --json`,
    );
    expect(stderr).toContain(
      `can't write the journal ${folder}/disk/o/journal.jsonl: the disk is full (ENOSPC); set that ` +
        "right, then run the same command with --resume\n",
    );
    expect(stderr).not.toMatch(/^\s+at |Uncaught/m);
    expect(stdout.slice(0, 2)).toBe("1\n");
    expect(JSON.parse(stdout.slice(2))).toMatchObject({ completed: 60, sessions: 2 });
    expect(code).toBe(0);
    const { entries } = readJournal(await Deno.readFile(`${folder}/before`), "before")!;
    expect(entries.length).toBeGreaterThan(5);
  });

  test("where nothing may be written, the first thing that can't be is named", async () => {
    const { code, stderr } = await onDisk("ro", `${live} --out $F/disk/o`);
    expectSentence(
      { code, stderr },
      "can't start the journal $F/disk/o/journal.jsonl: the file system is read-only (EROFS)",
    );
  });

  test("a result that does not fit leaves the one that was there", async () => {
    const { stderr, stdout, code } = await onDisk(
      "size=16k",
      `echo old > $F/disk/out
      $T trace.ts convert $TRACE --to burstgpt -o $F/disk/out --overwrite; code=$?
      ls $F/disk; cat $F/disk/out; exit $code`,
    );
    expectSentence({ code, stderr }, "can't write $F/disk/out: the disk is full (ENOSPC)");
    expect(stdout).toBe("out\nold\n");
  });
});
