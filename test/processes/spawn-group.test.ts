import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { identityOf, isStillThere } from "../../src/processes/process-identity.ts";
import { spawnGroup } from "../../src/processes/spawn-group.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
});

async function folder(): Promise<string> {
  const made = await Deno.makeTempDir();
  folders.push(made);
  return made;
}

/** Waits until something holds, on a machine that may be busy. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const from = performance.now();
  while (!holds()) {
    if (performance.now() - from > 15_000) throw new Error(`still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const exists = (path: string) => {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
};

/** A program that starts a child that is as busy as can be, and writes down both. */
const BUSY = (pids: string) =>
  `sh -c 'while :; do :; done' & echo $$ $! > ${pids}; while :; do :; done`;

async function pidsIn(path: string): Promise<number[]> {
  await until(() => exists(path) && Deno.readTextFileSync(path).endsWith("\n"), "the pids");
  return Deno.readTextFileSync(path).trim().split(" ").map(Number);
}

test("kill() takes what the program has started along, however busy it is", async () => {
  const pids = join(await folder(), "pids");
  const group = await spawnGroup("sh", { args: ["-c", BUSY(pids)] });
  const found = await pidsIn(pids);
  expect(found).toHaveLength(2);
  group.kill();
  expect((await group.ended).signal).toBe("SIGKILL");
  await until(() => found.every((pid) => identityOf(pid) === null), "both are gone");
});

test.each(["SIGKILL", "SIGTERM"] as const)(
  "where the process that started it dies of %s, the group dies and its folder goes",
  async (signal) => {
    const [scratch, own] = [await folder(), await folder()];
    const pids = join(scratch, "pids");
    await Deno.writeTextFile(join(own, "key"), "secret");
    const script = join(scratch, "runner.ts");
    await Deno.writeTextFile(
      script,
      `import { spawnGroup } from ${JSON.stringify(join(ROOT, "src/processes/spawn-group.ts"))};
await spawnGroup("sh", { args: ["-c", ${JSON.stringify(BUSY(pids))}], folder: ${
        JSON.stringify(own)
      } });
await new Promise(() => setInterval(() => {}, 1000));`,
    );
    const runner = new Deno.Command(Deno.execPath(), { args: ["run", "-A", script], cwd: ROOT })
      .spawn();
    const found = await pidsIn(pids);
    runner.kill(signal);
    await runner.status;
    await until(() => found.every((pid) => identityOf(pid) === null), "the group is gone");
    await until(() => !exists(own), "its folder is gone");
  },
);

test("a program that ends by itself says how, and leaves no watchman behind", async () => {
  const group = await spawnGroup("sh", { args: ["-c", "echo why >&2; exit 3"] });
  let said = "";
  group.stderr.on("data", (chunk: Uint8Array) => said += new TextDecoder().decode(chunk));
  expect(await group.ended).toEqual({ code: 3, signal: null });
  expect(said).toBe("why\n");
});

test("a program that is not there is an error", async () => {
  await expect(spawnGroup("no-such-program-here", { args: [] })).rejects.toThrow("ENOENT");
});

test("a process is told from a later one with the same number", () => {
  const own = identityOf(Deno.pid)!;
  expect(own.pid).toBe(Deno.pid);
  expect(isStillThere(own)).toBe(true);
  if (own.started !== null) expect(isStillThere({ ...own, started: "1" })).toBe(false);
  expect(identityOf(2 ** 22 + 1)).toBeNull();
});
