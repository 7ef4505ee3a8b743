import { join } from "node:path";
import { expect, test } from "vitest";
import { clearEnvironment } from "../../../src/reports/jupyter/clear-environment.ts";

test("what a set-up makes is taken away, what people have put there stays", async () => {
  const directory = await Deno.makeTempDir();
  const outside = await Deno.makeTempDir();
  await Deno.writeTextFile(join(outside, "mine.txt"), "mine");
  const made = ["bin/python", "lib/python3/site-packages/x.py", "share/a", "pyvenv.cfg"];
  const kept = ["driftsched.lock", "jupyter/config/mine.json", "notes.txt", "data/run.json"];
  for (const name of [...made, ...kept]) {
    await Deno.mkdir(join(directory, name, ".."), { recursive: true });
    await Deno.writeTextFile(join(directory, name), name);
  }
  await Deno.symlink(outside, join(directory, "lib64"));
  await clearEnvironment(directory);
  const names = Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
  expect(names).toEqual(["data", "driftsched.lock", "jupyter", "notes.txt"]);
  for (const name of kept) expect(await Deno.readTextFile(join(directory, name))).toBe(name);
  // A link is taken away, not what it leads to.
  expect(await Deno.readTextFile(join(outside, "mine.txt"))).toBe("mine");
  for (const each of [directory, outside]) await Deno.remove(each, { recursive: true });
});
