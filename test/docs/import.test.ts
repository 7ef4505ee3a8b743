import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = new URL("../../", import.meta.url);

/** Names that others put on the global object when they are imported, and who does. */
const OF_OTHERS: Readonly<Record<string, string>> = {
  nodeBootstrap: "Deno, at the first import of a module of Node",
  __zod_globalConfig: "zod",
  __zod_globalRegistry: "zod",
};

/** Runs a script in a process that may read, and neither write, connect nor start a program. */
async function inProcess(script: string) {
  const file = new URL(`.import-${crypto.randomUUID()}.ts`, ROOT);
  await Deno.writeTextFile(file, script);
  try {
    const { HOME = "", PATH = "", DENO_DIR } = Deno.env.toObject();
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--allow-read", "--allow-env", "--allow-sys"],
        ...["--config", "deno.json", fileURLToPath(file)],
      ],
      cwd: fileURLToPath(ROOT),
      clearEnv: true,
      env: { HOME, PATH, NO_COLOR: "1", ...DENO_DIR !== undefined && { DENO_DIR } },
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    await Deno.remove(file);
  }
}

/** What `statement` changes: names of globals, the functions that a kernel prepares, variables. */
const changedBy = (statement: string) =>
  inProcess(`
    const look = () => ({
      ...Object.fromEntries(Reflect.ownKeys(globalThis).map((name) => [String(name), "there"])),
      ...{ log: console.log, fetch: globalThis.fetch, random: Math.random, now: Date.now },
      ...Deno.env.toObject(),
    });
    const before = look();
    ${statement}
    const after = look();
    const names = Object.keys({ ...before, ...after });
    console.log(names.filter((name) => before[name] !== after[name]).sort().join());`);

test("importing driftsched writes nothing and changes no global", async () => {
  const { code, stdout, stderr } = await changedBy('await import("driftsched");');
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.trim().split(",").filter((name) => !(name in OF_OTHERS))).toEqual([]);
});

test.each([
  ["globalThis.planted = 1;", "planted"],
  ["console.log = (...args) => console.info(...args);", "log"],
  ['Deno.env.set("PLANTED", "1");', "PLANTED"],
])("a change would be found: %s", async (statement, name) => {
  const { stdout } = await changedBy(statement);
  expect(stdout).toBe(`${name}\n`);
});

test("a file that is written would be found", async () => {
  const { code, stderr } = await changedBy('Deno.writeTextFileSync("planted.txt", "");');
  expect(code).not.toBe(0);
  expect(stderr).toContain("write access");
});
