import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTrace } from "../../src/files/open-trace.ts";
import { readTrace } from "../../src/workload/readers/read-trace.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftsched-"));
});
afterAll(() => rm(folder, { recursive: true }));

const HEADER = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n";
const rows = Array.from(
  { length: 60_000 },
  (_, i) =>
    `${i},${i % 3 ? "ChatGPT" : "GPT-4"},${1 + i % 100},${1 + i % 7},${
      2 + i % 100 + i % 7
    },API log\n`,
).join("");
const TEXT = HEADER + rows;

async function file(name: string, content: Uint8Array | string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** What was read, without the file's name. */
async function read(path: string) {
  const { workload, report } = await openTrace(path);
  return { requests: workload.requests, truth: workload.truth, rowsKept: report.rowsKept };
}

test("plain, gzip and zstd, with CRLF and byte order marks, read the same, whatever the name", async () => {
  const plain = await read(await file("plain.csv", TEXT));
  expect(plain.rowsKept).toBe(60_000);
  const crlf = `\ufeff\ufeff${TEXT.replaceAll("\n", "\r\n")}`;
  const half = TEXT.length / 2;
  const variants: [string, Uint8Array | string][] = [
    ["crlf.csv", crlf],
    ["gz.csv", gzipSync(TEXT)],
    ["crlf.gz", gzipSync(crlf)],
    ["zst", zstdCompressSync(TEXT)],
    [
      "two-frames.zst",
      Buffer.concat([TEXT.slice(0, half), TEXT.slice(half)].map((t) => zstdCompressSync(t))),
    ],
  ];
  for (const [name, content] of variants) {
    expect(await read(await file(name, content)), name).toEqual(plain);
  }
});

test("chunks of any size read the same as the whole", async () => {
  const lines = `${HEADER}${rows.slice(0, rows.indexOf("\n60,"))}\n\n`.replaceAll("\n", "\r\n");
  const bytes = new TextEncoder().encode(`\ufeff${lines}60,"GPT-4",1,2,3,API log`);
  const whole = await readTrace(bytes);
  for (const size of [1, 2, 3, 7, 100, 4096]) {
    const chunks = (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })();
    expect(await readTrace(chunks), `${size}`).toEqual(whole);
  }
});

test("packed data that is cut off or damaged is refused, lenient or not", async () => {
  const gz = gzipSync(TEXT);
  const zst = zstdCompressSync(TEXT);
  for (const [packed, kind] of [[gz, "gzip"], [zst, "zstd"]] as const) {
    for (const cut of [packed.length - 1, packed.length - 5, packed.length / 2 | 0, 30]) {
      const path = await file("cut", packed.subarray(0, cut));
      await expect(openTrace(path, { lenient: true }), `${kind} ${cut}`)
        .rejects.toThrow(`${path}: expected whole, intact ${kind}`);
    }
  }
  const flipped = Uint8Array.from(gz);
  flipped[gz.length - 6] ^= 0xff;
  await expect(openTrace(await file("flipped", flipped))).rejects.toThrow("whole, intact gzip");
});

test("what is no trace, or has no rows, is refused in words", async () => {
  await expect(openTrace(join(folder, "none.csv"))).rejects.toThrow("there is no such file");
  await expect(openTrace(await file("x.csv", "a,b\n1,2\n"))).rejects.toThrow(
    /x\.csv, row 1: got "a,b", expected a trace in a known format \(burstgpt, azure, /,
  );
  await expect(openTrace(await file("empty.csv", ""))).rejects.toThrow(
    "this is an empty file (0 bytes)",
  );
  await expect(openTrace(await file("y.csv", TEXT), { format: "burst" })).rejects.toThrow(
    'field format: got "burst", expected one of burstgpt',
  );
  await expect(openTrace(await file("y.csv", TEXT), { blockTokens: 16 })).rejects.toThrow(
    "field blockTokens: expected no option: this format has none",
  );
  await expect(openTrace(folder)).rejects.toThrow("a folder with ServeGen's chunk-N-trace.csv");
});

test("a file that two formats claim is refused with both, and read when one is named", async () => {
  const both = "TIMESTAMP,ContextTokens,GeneratedTokens,num_prefill_tokens,num_decode_tokens\n" +
    "2024-05-10 00:00:00+00:00,5,6,7,8\n";
  const path = await file("both.csv", both);
  await expect(openTrace(path)).rejects.toThrow(
    /expected one format, to be named: azure \(header with TIMESTAMP.*\) or vidur \(header with num_prefill/,
  );
  const { workload, report } = await openTrace(path, { format: "vidur" });
  expect([...workload.requests.promptTokens]).toEqual([7]);
  expect(report).toMatchObject({
    recognised: "named by the user",
    columnsIgnored: ["TIMESTAMP", "ContextTokens", "GeneratedTokens"],
  });
});

test("a source that is refused is closed, wherever it was refused", async () => {
  const sources = [`a,b\n${"1,2\n".repeat(50_000)}`, `${HEADER}"\n${rows}`];
  for (const text of sources) {
    for (const pack of [(bytes: Uint8Array) => bytes, gzipSync, zstdCompressSync]) {
      const bytes = pack(new TextEncoder().encode(text));
      let closed = false;
      const chunks = async function* () {
        try {
          for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
        } finally {
          closed = true;
        }
      };
      await expect(readTrace(chunks())).rejects.toThrow("expected");
      expect(closed).toBe(true);
    }
  }
});

test("progress is told in bytes of the file", async () => {
  const seen: number[][] = [];
  await openTrace(await file("p.csv", TEXT), {
    onProgress: (done, total) => seen.push([done, total]),
  });
  expect(seen.at(-1)).toEqual([TEXT.length, TEXT.length]);
});

test("ServeGen's clients are read from their folder, further files found beside", async () => {
  const chunks = await mkdtemp(join(folder, "servegen-"));
  const dataset = (tokens: number) =>
    JSON.stringify({ "0": { input_tokens: `{${tokens}: 1.0}`, output_tokens: "{5: 1.0}" } });
  for (const [client, tokens] of [[2, 20], [10, 100]]) {
    await writeFile(join(chunks, `chunk-${client}-trace.csv`), "0,1.0,1.0,Gamma,1.0,1.0\n");
    await writeFile(join(chunks, `chunk-${client}-dataset.json`), dataset(tokens));
  }
  const both = (await openTrace(chunks)).workload.requests;
  expect(both.size).toBe(1200);
  expect(new Set(both.tenant.names)).toEqual(new Set(["2", "10"]));
  const one = (await openTrace(join(chunks, "chunk-10-trace.csv"))).workload.requests;
  expect(new Set(one.promptTokens)).toEqual(new Set([100]));
});
