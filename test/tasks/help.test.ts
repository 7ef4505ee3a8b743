import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = new URL("../../", import.meta.url);

/** Tasks that write what is computed and take no arguments, and vitest's own. */
const WITHOUT = ["readme", "datapackage", "measure-tokens", "test"];

const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));

test.each(Object.keys(tasks).filter((name) => !WITHOUT.includes(name)))(
  "deno task %s --help says how it is used, with the permissions that the task has",
  async (name) => {
    const [, ...args] = (tasks[name] as string).split(" ");
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, "--help"],
      cwd: fileURLToPath(ROOT),
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    expect({ code, stderr: text(stderr) }).toEqual({ code: 0, stderr: "" });
    expect(text(stdout)).toMatch(new RegExp(`^Usage: deno task ${name}\\b`));
  },
);
