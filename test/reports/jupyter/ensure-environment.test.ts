import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  ensureEnvironment,
  findEnvironment,
} from "../../../src/reports/jupyter/ensure-environment.ts";
import { environmentAt } from "../../../src/reports/jupyter/environment.ts";

const REQUIREMENTS = new URL("../../../src/reports/jupyter/requirements.txt", import.meta.url);

async function directoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  return directory;
}

const { python } = environmentAt("");
const stamp = `${createHash("sha256").update(await Deno.readFile(REQUIREMENTS)).digest("hex")}\n`;

test("findEnvironment() finds one whose stamp fits the requirements", async () => {
  const directory = await directoryWith({ [python]: "", "driftsched.stamp": stamp });
  expect((await findEnvironment(directory))?.directory).toBe(directory);
});

test("findEnvironment() does not take one whose set-up was interrupted", async () => {
  const directory = await directoryWith({ [python]: "", "driftsched.lock": "" });
  expect(await findEnvironment(directory)).toBeNull();
});

test("findEnvironment() does not take one of other requirements or without its Python", async () => {
  const outdated = await directoryWith({ [python]: "", "driftsched.stamp": "0123\n" });
  const headless = await directoryWith({ "driftsched.stamp": stamp });
  expect(await findEnvironment(outdated)).toBeNull();
  expect(await findEnvironment(headless)).toBeNull();
});

test("ensureEnvironment() leaves a directory alone that it has not made", async () => {
  const directory = await directoryWith({ "pyvenv.cfg": "home = /usr/bin" });
  await expect(ensureEnvironment({ directory })).rejects.toThrow("another program made");
  expect(await Deno.readTextFile(join(directory, "pyvenv.cfg"))).toBe("home = /usr/bin");
});

test("the requirements pin every package to one version and to the hashes of its files", async () => {
  const text = (await Deno.readTextFile(REQUIREMENTS)).replaceAll("\\\n", "");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(lines.length).toBeGreaterThan(80);
  const pinned = /^[a-z0-9-]+==[0-9][^ ;*]*( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+$/;
  expect(lines.filter((line) => !pinned.test(line))).toEqual([]);
});
