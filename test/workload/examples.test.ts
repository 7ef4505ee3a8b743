import { expect, test } from "vitest";

/** Folders whose docstrings' examples are checked, and names that examples take for granted. */
const FOLDERS = [
  "src/workload/generators",
  "src/workload/statistics",
  "src/workload/transforms",
  "src/sweeps",
];
const WORKLOADS = ["trace", "workload", "hour", "conv", "code", "before", "after"];

const root = new URL("../../", import.meta.url);

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/`, root))) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await filesBelow(path));
    else if (name.endsWith(".ts")) files.push(path);
  }
  return files.sort();
}

/** Code of the `@example`s in docstrings. */
function examplesOf(text: string): string[] {
  return Array.from(text.matchAll(/\/\*\*[^]*?\*\//g)).flatMap(([comment]) =>
    comment.split("@example").slice(1).map((part) =>
      part.split(/\n\s*\* @/)[0]
        .replace(/\*\/$/, "").replace(/^\s*\* ?/gm, "").replace(/^```.*$/gm, "").trim()
    )
  );
}

/** A module of an example: what it names of the public API is imported, workloads are declared. */
function moduleOf(example: string, exported: ReadonlySet<string>): string {
  const names = new Set(example.match(/\b[A-Za-z_]\w*\b(?!\s*:)/g));
  const own = new Set(Array.from(example.matchAll(/\b(?:const|let) (\w+)/g), ([, name]) => name));
  const imported = [...names].filter((name) => exported.has(name) && !own.has(name));
  const declared = WORKLOADS.filter((name) => names.has(name) && !own.has(name));
  return [
    `import { ${imported.join(", ")} } from "driftsched";`,
    'import type { Workload as W } from "driftsched";',
    ...declared.map((name) => `declare const ${name}: W;`),
    example.replace(/^const /gm, "export const "),
    "export type { W };",
  ].join("\n");
}

test("every example in the docstrings of workloads is code that compiles", async () => {
  const api = await Deno.readTextFile(new URL("src/mod.ts", root));
  const exported = new Set(
    Array.from(api.matchAll(/export (?:type )?\{([^}]*)\}/g)).flatMap(([, list]) =>
      list.split(",").map((name) => name.trim().replace(/^type /, "").split(" as ").at(-1)!)
    ),
  );
  const folder = await Deno.makeTempDir();
  try {
    const modules: string[] = [];
    for (const source of (await Promise.all(FOLDERS.map(filesBelow))).flat()) {
      const examples = examplesOf(await Deno.readTextFile(new URL(source, root)));
      for (const [i, example] of examples.entries()) {
        const path = `${folder}/${source.replaceAll("/", "-").replace(/\.ts$/, `-${i}.ts`)}`;
        await Deno.writeTextFile(path, moduleOf(example, exported));
        modules.push(path);
      }
    }
    expect(modules.length).toBeGreaterThan(25);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--config", new URL("deno.json", root).pathname, ...modules],
      env: { NO_COLOR: "1" },
    }).output();
    expect(new TextDecoder().decode(stderr).replaceAll(/^Check .*$/gm, "").trim()).toBe("");
    expect(success).toBe(true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}, 120_000);
