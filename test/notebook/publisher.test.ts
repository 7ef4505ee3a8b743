import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publisher } from "../../src/notebook/publisher.ts";
import { EXAMPLES, tableOf } from "../figures/support/examples.ts";

test("publisher() writes figures and manifest to the folder that it is given", async () => {
  const directory = await mkdtemp(join(tmpdir(), "figures-"));
  try {
    const publish = publisher("measured", { directory });
    const [{ draw, rows }] = EXAMPLES;
    const { name } = await publish.figure(draw(tableOf(rows)));
    await publish.manifest({ parameters: {}, seeds: [], claims: [], data: [] });
    expect((await readdir(join(directory, "measured"))).sort()).toEqual(
      [...["csv", "png", "svg"].map((ending) => `${name}.${ending}`), "manifest.json"].sort(),
    );
  } finally {
    await rm(directory, { recursive: true });
  }
});
