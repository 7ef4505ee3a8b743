import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openInput } from "../../src/files/open-input.ts";
import { fileChunks } from "../../src/files/file-chunks.ts";
import { isStandardInput } from "../../src/files/standard-input.ts";

let folder = "";
beforeAll(async () => {
  folder = await Deno.makeTempDir();
});
afterAll(() => Deno.remove(folder, { recursive: true }));

async function pipe(name: string): Promise<string> {
  const path = join(folder, name);
  await new Deno.Command("mkfifo", { args: [path] }).output();
  return path;
}

test("standard input has four names", () => {
  expect(["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].every(isStandardInput)).toBe(true);
  expect(["--", "stdin", "./-", new URL("file:///dev/stdin")].some(isStandardInput)).toBe(false);
});

test("a named pipe without a writer is told, and given up after its limit", async () => {
  const path = await pipe("nobody");
  const told: string[] = [];
  await expect(openInput(path, {
    name: "nobody",
    noticeSeconds: 0.05,
    writerSeconds: 0.3,
    onWait: (text) => told.push(text),
  })).rejects.toThrow("nobody: expected a program that writes to this named pipe within 0.3 s");
  expect(told).toEqual(["Waiting for a program that writes to nobody; Ctrl-C gives up"]);
  // A writer at last lets the thread go that waits for it.
  await Deno.writeTextFile(path, "late");
});

test("a named pipe whose writer comes in time is read to its end", async () => {
  const path = await pipe("somebody");
  const writing = Deno.writeTextFile(path, "a line\n".repeat(50_000));
  const text = await new Response(await fileChunks(path)).text();
  await writing;
  expect(text.length).toBe(7 * 50_000);
});

test("a file is read as it is, a folder is refused in words", async () => {
  const path = join(folder, "plain.txt");
  await Deno.writeTextFile(path, "content");
  expect(await new Response(await fileChunks(path)).text()).toBe("content");
  await expect(fileChunks(folder, "here")).rejects.toThrow(
    "here: expected a file that can be read",
  );
});
