import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identityOf } from "../../../src/processes/process-identity.ts";
import { makeKernelFolder, sweepKernelFolders } from "../../../src/reports/kernel/kernel-folder.ts";

let parent = "";
beforeEach(async () => {
  parent = await Deno.makeTempDir();
});
afterEach(() => Deno.remove(parent, { recursive: true }));

const there = () => [...Deno.readDirSync(parent)].map(({ name }) => name).toSorted();

async function folderWith(name: string, owner: unknown): Promise<void> {
  await Deno.mkdir(join(parent, name));
  await Deno.writeTextFile(join(parent, name, "connection.json"), '{"key":"secret"}');
  if (owner !== undefined) {
    await Deno.writeTextFile(join(parent, name, "owner.json"), JSON.stringify(owner));
  }
}

test("nobody else may look into a kernel's folder", async () => {
  const folder = await makeKernelFolder(parent);
  expect((await Deno.stat(folder)).mode! & 0o777).toBe(0o700);
  expect((await Deno.stat(join(folder, "owner.json"))).mode! & 0o777).toBe(0o600);
});

test("folders of runners that are gone are removed, and no others", async () => {
  const alive = identityOf(Deno.pid)!;
  const gone = { pid: 2 ** 22 + 1, started: "1" };
  await folderWith("driftsched-kernel-stale", { owner: gone, kernel: null });
  await folderWith("driftsched-kernel-reused", { owner: { ...alive, started: "1" }, kernel: gone });
  await folderWith("driftsched-kernel-live", { owner: alive, kernel: null });
  await folderWith("driftsched-kernel-foreign", undefined);
  await folderWith("driftsched-kernel-damaged", { owner: "me" });
  await folderWith("another", { owner: gone, kernel: null });
  await sweepKernelFolders(parent);
  expect(there()).toEqual([
    "another",
    "driftsched-kernel-damaged",
    "driftsched-kernel-foreign",
    "driftsched-kernel-live",
  ]);
});

test("a kernel that is still at work in such a folder is killed", async () => {
  const busy = new Deno.Command("setsid", { args: ["sh", "-c", "while :; do :; done"] }).spawn();
  // `setsid` in a fresh process replaces itself, so the group has its number.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const kernel = identityOf(busy.pid);
  await folderWith("driftsched-kernel-stale", {
    owner: { pid: 2 ** 22 + 1, started: "1" },
    kernel,
  });
  await sweepKernelFolders(parent);
  expect((await busy.status).signal).toBe("SIGKILL");
  expect(there()).toEqual([]);
});
