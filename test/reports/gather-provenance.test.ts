import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { gatherProvenance, seedsInWords } from "../../src/reports/gather-provenance.ts";

test("gatherProvenance() outside a repository has no commit, and hashes data and lock", async () => {
  const root = await mkdtemp(join(tmpdir(), "driftsched-provenance-"));
  try {
    await mkdir(join(root, "data", "inner"), { recursive: true });
    await writeFile(join(root, "data", "inner", "b.csv"), "x\n");
    await writeFile(join(root, "data", "a.csv"), "abc");
    await writeFile(join(root, "deno.lock"), "{}");
    await writeFile(join(root, "package.json"), '{"dependencies":{"zod":"4.0.0"}}');
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    expect(await gatherProvenance(root)).toEqual({
      commit: null,
      dirty: false,
      deno: Deno.version.deno,
      v8: Deno.version.v8,
      packages: { zod: "4.0.0" },
      lockSha256: hash("{}"),
      data: [
        { path: "data/a.csv", sha256: hash("abc") },
        { path: "data/inner/b.csv", sha256: hash("x\n") },
      ],
    });
  } finally {
    await rm(root, { recursive: true });
  }
});

test("gatherProvenance() of the workbench names a commit where it is a checkout", async () => {
  const { commit, packages } = await gatherProvenance(
    fileURLToPath(new URL("../..", import.meta.url)),
  );
  expect(commit ?? "0".repeat(40)).toMatch(/^[0-9a-f]{40}$/);
  expect(packages.zod).toMatch(/^\d+\.\d+\.\d+$/);
});

test("seedsInWords() tells how many and which, or nothing", () => {
  expect(seedsInWords([1, 2, 3])).toBe("3 paired seeds, 1 to 3");
  expect(seedsInWords([4, 9, 5])).toBe("3 paired seeds, 4, 9, 5");
  expect(seedsInWords([7])).toBe("1 paired seed, 7");
  expect(seedsInWords([])).toBeUndefined();
});
