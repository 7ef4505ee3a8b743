import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runDeno } from "../../support/run-deno.ts";
import { joined, zstdBomb } from "./support/packed.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SCRIPT = join(ROOT, "test/support/peak-memory.ts");
/** A Deno that has read a file of one row has 80 MB. */
const MOST_MEGABYTES = 450;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftsched-"));
});
afterAll(() => rm(folder, { recursive: true }));

const BURST = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n";
const MOONCAKE =
  '{"timestamp": 0, "input_length": 10, "output_length": 5, "hash_ids": [1]}\n{"timestamp": ';
const DOCUMENT = '{"type": "generative_benchmark", "benchmarks": [{"requests": {"successful": [';
const CLIENTS = "client_id,window_start_s,rate_rps,cv,arrival_pattern,param1,param2\n" +
  "1,0,1,1,Poisson,,\n";
/** 2.1 GB from 64 kB. */
const BLOCKS = 16_000;

/** Files by name, and why they are refused; the first is the one that is opened. */
const BOMBS: [string, Readonly<Record<string, Uint8Array>>, string][] = [
  [
    "a line of a table that does not end",
    { "a.zst": zstdBomb(BURST, "1", BLOCKS) },
    "a.zst, row 2: expected lines of at most 67108864 bytes",
  ],
  [
    "a line of JSON that does not end",
    { "b.zst": zstdBomb(MOONCAKE, "1", BLOCKS) },
    "b.zst, row 2: expected lines of at most 67108864 bytes",
  ],
  [
    "a first line that does not end, in gzip",
    { "c.gz": gzipSync(joined(new TextEncoder().encode(BURST), new Uint8Array(400_000_000))) },
    "c.gz, row 2: expected lines of at most 67108864 bytes",
  ],
  [
    "blank lines",
    { "d.zst": zstdBomb(BURST, "\n", BLOCKS) },
    "d.zst: expected a file that unpacks to at most 1000 times its size",
  ],
  [
    "a document",
    { "e.zst": zstdBomb(DOCUMENT, " ", BLOCKS) },
    "e.zst: expected a file that unpacks to at most 1000 times its size",
  ],
  [
    "a further file",
    {
      "f_client_rates.csv": new TextEncoder().encode(CLIENTS),
      "f_token_histograms.json.zst": zstdBomb("{", " ", BLOCKS),
    },
    "histograms of ",
  ],
];

test.skipIf(Deno.build.os !== "linux").each(BOMBS)(
  `%s: refused with less than ${MOST_MEGABYTES} MB (the memory is read from Linux's /proc)`,
  async (_what, files, why) => {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    const path = join(folder, Object.keys(files)[0]);
    const { stdout, stderr, success } = await runDeno(["run", "-A", SCRIPT, path], { cwd: ROOT });
    expect(success, stderr).toBe(true);
    const { outcome, megabytes } = JSON.parse(stdout);
    expect(outcome).toMatch(/^InputError: /);
    expect(outcome).toContain(why);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  },
  60_000,
);
