import { expect, test } from "vitest";

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
