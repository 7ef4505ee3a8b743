import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { readBundled } from "../../src/files/read-bundled.ts";
import { sha256 } from "../../src/files/sha256.ts";

// sha256 of the source's file, before it was packed.
const UNPACKED = "21cd8b32e861bef81de244744487e9d051fa82d2d047cc03333890052565dd3f";

test("a packed file comes unpacked, with the bytes of its source", async () => {
  const bytes = await readBundled("vtc_arena/measured_a10g_llama7b_FCFS_real.jsonl.gz");
  expect(await sha256(bytes)).toBe(UNPACKED);
});

test("bundled files are found whatever the working directory, in a worker too", async () => {
  const module = new URL("../../src/files/load-arena.ts", import.meta.url);
  const script = `
    import { loadArenaTrace } from ${JSON.stringify(module.href)};
    console.log((await loadArenaTrace()).workload.requests.size);
  `;
  const inWorker = `
    const source = ${JSON.stringify(script.replace("console.log", "postMessage"))};
    const url = "data:application/typescript," + encodeURIComponent(source);
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = ({ data }) => { console.log(data); worker.terminate(); };
  `;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  for (const code of [script, inWorker]) {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--config", config, code],
      cwd: "/",
      env: { NO_COLOR: "1" },
    }).output();
    expect(new TextDecoder().decode(stdout), new TextDecoder().decode(stderr)).toBe("1500\n");
  }
});

test("a name that is not bundled is refused", async () => {
  await expect(readBundled("vtc_arena/other.csv")).rejects.toBeInstanceOf(InputError);
});
