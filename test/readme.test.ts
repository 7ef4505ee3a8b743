import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EVERY_WRITER } from "../src/traces/formats.ts";

const ROOT = new URL("..", import.meta.url);
const read = (name: string) => Deno.readTextFile(new URL(name, ROOT));

test("the README gives a reason for every dependency, and for none that is gone", async () => {
  const readme = await read("README.md");
  const { dependencies, devDependencies } = JSON.parse(await read("package.json"));
  const table = readme.slice(readme.indexOf("| package | why |"), readme.indexOf("`package.json`"));
  const named = [...table.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
    .filter((name) => !/\.\w+$/.test(name));
  expect(named.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
});

test("every task of deno.json that a user starts stands in the README", async () => {
  const readme = await read("README.md");
  const { tasks } = JSON.parse(await read("deno.json"));
  const missing = Object.keys(tasks).filter((task) => !new RegExp(`\\b${task}\\b`).test(readme));
  expect(missing).toEqual([]);
});

test("the README's picture is a committed figure", async () => {
  const [, picture] = (await read("README.md")).match(/!\[[^\]]+\]\(([^)]+)\)/)!;
  expect((await Deno.stat(new URL(picture, ROOT))).isFile).toBe(true);
});

test("the table of folders has every room of src, and none that is gone", async () => {
  const readme = await read("README.md");
  const table = readme.slice(readme.indexOf("| folder | holds |"), readme.indexOf("## Traces"));
  const named = [...table.matchAll(/`src\/(\w+)\/`/g)].map(([, name]) => name);
  const rooms = [...Deno.readDirSync(new URL("src/", ROOT))]
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  expect(named.sort()).toEqual(rooms.sort());
});

test("every notebook is spoken of", async () => {
  const readme = await read("README.md");
  const notebooks = [...Deno.readDirSync(new URL("notebooks/", ROOT))]
    .filter(({ name }) => /^\w.*\.ipynb$/.test(name)).map(({ name }) => name.replace(".ipynb", ""));
  expect(notebooks.filter((name) => !readme.includes(name))).toEqual([]);
});

test("the formats that are said to be written are those that can be", async () => {
  const [, written] = /Written: ([^.]+)\./.exec(await read("README.md"))!;
  const named = [...written.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(EVERY_WRITER.map(({ name }) => name).sort());
});

test("commands that are shown name tasks and options that exist", async () => {
  const { tasks } = JSON.parse(await read("deno.json"));
  const blocks = [...(await read("README.md")).matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block]) => block.replaceAll("\\\n", " ").split("\n"));
  const commands = blocks.flatMap((line) => {
    const [, task, rest] = /\btask ([\w-]+)([^#]*)/.exec(line) ?? [];
    return task === undefined ? [] : [{ task, options: rest.match(/--[\w-]+/g) ?? [] }];
  });
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.map(({ task }) => task).filter((task) => !(task in tasks))).toEqual([]);
  const unknown = await Promise.all(
    commands.filter(({ options }) => options.length > 0).map(async ({ task, options }) => {
      const [, ...args] = tasks[task].split(" ");
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: [...args, "--help"],
        cwd: fileURLToPath(ROOT),
      }).output();
      const help = new TextDecoder().decode(stdout);
      return options.filter((option) => !help.includes(option)).map((each) => `${task} ${each}`);
    }),
  );
  expect(unknown.flat()).toEqual([]);
});
