import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { denoOptions, NEEDS, permissionsOf } from "../../../src/tasks/confined/permissions.ts";
import { runDeno } from "../../support/run-deno.ts";
import { startTwin } from "../../../src/twin/start-twin.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, "");
const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
  tasks: Record<string, string>;
};
const document = await Deno.readTextFile(join(ROOT, "docs", "permissions.md"));
let folder = "";

beforeAll(async () => {
  folder = await Deno.realPath(await Deno.makeTempDir());
});
afterAll(() => Deno.remove(folder, { recursive: true }));

const of = (task: string, ...args: string[]) =>
  permissionsOf(task, args, { cwd: folder, root: ROOT });

/** Rows of the document's table whose head begins with these words, cells as text. */
function rowsBelow(head: string): string[][] {
  const [, table] = document.replace(/ +\| */g, " | ").split(`| ${head}`);
  return table.split("\n\n")[0].split("\n").slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", "")));
}

describe("docs/permissions.md", () => {
  test("tells of each task that is started with what it needs", () => {
    const rows = rowsBelow("task | read");
    expect(rows.map(([task]) => task).toSorted()).toEqual(Object.keys(NEEDS).toSorted());
    for (const [task, , write, net, env, run] of rows) {
      const needs = NEEDS[task];
      expect(env, task).toBe(["INIT_CWD", ...needs.env].join(", "));
      expect(run, task).toBe(needs.run.join(", ") || "–");
      expect(net, task).toBe(
        { none: "–", servers: "servers named", loopback: "this machine, --host" }[needs.net],
      );
      expect(write, task).toBe(
        needs.folders.length > 0
          ? "folder --out"
          : needs.files.length > 0
          ? "folder of --out"
          : "–",
      );
      expect(tasks[task]).toBe(
        "deno run --no-prompt --allow-read --allow-run --allow-env=INIT_CWD,PATH " +
          `src/tasks/confined/confined.ts ${task}`,
      );
    }
  });

  test("tells the fixed lines as deno.json has them", () => {
    for (const [task, options] of rowsBelow("task | options")) {
      // What attacks the program is no part of it.
      const file = task === "fuzz" ? "test/fuzz/fuzz.ts" : `src/tasks/${task}.ts`;
      expect(tasks[task]).toBe(`deno run --no-prompt ${options} ${file}`);
    }
  });

  test("names every other task as one with all rights, and only those have them", () => {
    const [, trusted] = document.split("## Tasks with all rights");
    const fixed = rowsBelow("task | options").map(([task]) => task);
    for (const [task, line] of Object.entries(tasks)) {
      const everything = !(task in NEEDS) && !fixed.includes(task);
      expect(/ -A /.test(line), task).toBe(everything);
      if (everything) expect(trusted).toContain(`\`${task}\``);
    }
  });
});

describe("permissionsOf(task, args)", () => {
  test("a file that is named brings its folder, and where a link leads", async () => {
    await Deno.mkdir(join(folder, "a"));
    await Deno.mkdir(join(folder, "b"));
    await Deno.writeTextFile(join(folder, "b", "real.csv"), "x");
    await Deno.symlink(join(folder, "b", "real.csv"), join(folder, "a", "link.csv"));
    expect(of("trace", "describe", "a/link.csv").read.toSorted()).toEqual([
      ROOT,
      join(folder, "a"),
      join(folder, "a", "link.csv"),
      join(folder, "b"),
      join(folder, "b", "real.csv"),
      join(folder, "describe"),
    ].toSorted());
  });

  test.each([["-o", "new/out.csv"], ["--out=new/out.csv"], ["--out", "new/out.csv"]])(
    "what is written is the folder of the output: %s",
    (...args) => {
      expect(of("trace", "convert", "x.csv", ...args).write).toEqual([join(folder, "new")]);
    },
  );

  test("a live run talks to the servers that are named and to nobody else", () => {
    const { net, write, run } = of(
      "live",
      ...[
        "--server",
        "http://gpu-1:8000=qwen",
        "--server=https://gpu-2/v1",
        "--server",
        "nonsense",
      ],
      ...["--paper", "20", "--out", "runs/x"],
    );
    expect(net).toEqual(["gpu-1:8000", "gpu-2:443"]);
    // The clock of a twin is moved at a port of its own.
    expect(of("live", "--server", "http://localhost:1", "--time=virtual").net)
      .toEqual(["localhost:1", "localhost", "127.0.0.1"]);
    expect(write).toEqual([join(folder, "runs", "x")]);
    expect(run).toEqual(["nvidia-smi"]);
  });

  test("a twin listens on this machine, and elsewhere where it is told so", () => {
    expect(of("twin").net).toEqual(["127.0.0.1", "localhost", "[::1]"]);
    expect(of("twin", "--host", "0.0.0.0").net).toContain("0.0.0.0");
    expect(of("twin").write).toEqual([]);
  });

  test("a path with a comma, which Deno's lists can't hold, counts as the folder above it", () => {
    const options = denoOptions(of("trace", "describe", "a,b/c.csv"));
    expect(options[0]).toBe("--no-prompt");
    expect(options[1].replace("--allow-read=", "").split(",")).toContain(folder);
    expect(options[1]).not.toContain("a,b");
  });
});

describe("deno task", () => {
  const task = (...args: string[]) =>
    runDeno(["task", "--quiet", ...args], { cwd: ROOT, env: { INIT_CWD: folder } });

  test("trace and fidelity read and write what is named, relative to the caller's folder", async () => {
    await Deno.copyFile(
      join(ROOT, "data/burstgpt/BurstGPT_1_first999.csv"),
      join(folder, "log, of Tuesday.csv"),
    );
    const described = await task("trace", "describe", "log, of Tuesday.csv");
    expect(described.code, described.stderr).toBe(0);
    expect(described.stdout).toContain("999");
    const converted = await task(
      ...["trace", "convert", "log, of Tuesday.csv"],
      ...["--to", "driftsched-run", "--out", "deep/er/out.run.json"],
    );
    expect(converted.code, converted.stderr).toBe(0);
    expect((await Deno.stat(join(folder, "deep/er/out.run.json"))).isFile).toBe(true);
  });

  test("conformance and an unknown file end with their own codes", async () => {
    expect((await task("conformance", join(ROOT, "test/fixtures/conformance"))).code).toBe(0);
    const missing = await task("fit", "nowhere.log");
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("there is no such file");
  });

  test("live reaches the server that is named, and writes its folder", async () => {
    const twin = await startTwin({});
    try {
      const { code, stdout, stderr } = await task(
        ...["live", "--paper", "5", "--server", twin.url],
        ...["--out", "runs/live", "--json"],
      );
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toBeTypeOf("object");
      expect((await Deno.stat(join(folder, "runs/live/journal.jsonl"))).isFile).toBe(true);
    } finally {
      await twin.stop();
    }
  });

  test("without one of its rights, a task says which one it lacks", async () => {
    const all = of("trace", "describe", "log, of Tuesday.csv");
    const { code, stderr } = await runDeno([
      "run",
      ...denoOptions({ ...all, read: [ROOT] }),
      "src/tasks/trace.ts",
      "describe",
      "log, of Tuesday.csv",
    ], { cwd: ROOT, env: { INIT_CWD: folder } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/log, of Tuesday\.csv.*read access/s);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
