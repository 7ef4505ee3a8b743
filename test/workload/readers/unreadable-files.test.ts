import { expect, test } from "vitest";
import { readTrace } from "../../../src/workload/readers/read-trace.ts";
import type { KnownFile } from "../../../src/workload/readers/known-file.ts";
import { UNREADABLE_FILES } from "../../../src/workload/readers/unreadable-files.ts";

const ascii = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const LFS = "version https://git-lfs.github.com/spec/v1\n" +
  "oid sha256:4bb3783693d0a435686fbfc885615d2349bd067239079fa4b749f2e679e12122\nsize 52283111\n";

/** Beginnings as the programs write them, and what is said of them. */
const FILES: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["empty", ascii(""), /^given: .*an empty file \(0 bytes\)/],
  ["empty", ascii(" \n\n"), /an empty file \(blank lines alone\)/],
  ["git-lfs-pointer", ascii(LFS), /a Git LFS pointer.*52283111 bytes.*git lfs pull/],
  ["parquet", ascii("PAR1\x15\x04\x15 "), /a Parquet file.*read_parquet/],
  ["arrow", ascii("ARROW1\0\0"), /an Arrow or Feather file/],
  ["arrow", Uint8Array.of(255, 255, 255, 255, 16, 0, 0, 0), /Arrow/],
  ["pickle", Uint8Array.of(0x80, 4, 0x95, 0, 1), /a Python pickle/],
  ["numpy", ascii("\x93NUMPY\x01\0"), /NumPy/],
  ["zip", ascii("PK\x03\x04\x14\0"), /ZIP archive.*xlsx/],
  ["xls", Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), /old Excel/],
  ["sqlite", ascii("SQLite format 3\0\x10\0"), /SQLite/],
  ["hdf5", ascii("\x89HDF\r\n"), /HDF5/],
  ["orc", ascii("ORC\n"), /ORC/],
  ["avro", ascii("Obj\x01\x04"), /Avro/],
  ["pcap", Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 2, 0), /pcap/],
  ["pcap", Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a, 0x1c), /pcap/],
  ["bzip2", ascii("BZh91AY&SY"), /bzip2.*unpack it first/],
  ["xz", ascii("\xfd7zXZ\0"), /xz/],
  ["lz4", Uint8Array.of(4, 0x22, 0x4d, 0x18, 0x64), /LZ4/],
  ["7z", ascii("7z\xbc\xaf\x27\x1c"), /7z/],
  ["pdf", ascii("%PDF-1.7\n"), /PDF/],
  ["utf-16", ascii("\xff\xfeT\0I\0M\0E\0"), /UTF-16.*save it in UTF-8/],
  ["tar", ascii(`conv.csv${"\0".repeat(249)}ustar\x0000`), /tar archive/],
  ["html", ascii("<!DOCTYPE html>\n<html lang=en>"), /web page.*raw file/],
  ["xml", ascii('<?xml version="1.0"?>'), /XML/],
  [
    "prometheus",
    ascii("# HELP vllm:num_requests_running Number\n# TYPE vllm:num_requests_running gauge\n"),
    /Prometheus/,
  ],
  [
    "vllm-log",
    ascii(
      "INFO 11-25 12:00:00 [loggers.py:127] Engine 000: Avg prompt throughput: 105.2 tokens/s, ",
    ),
    /log of a vLLM server.*--save-detailed/,
  ],
  ["chrome-trace", ascii('{"schemaVersion": 1, "traceEvents": [{"ph": "X"}]}'), /profiler/],
  ["chrome-trace", ascii('[{"name": "a", "ph": "B", "ts": 1, "pid": 1}]'), /profiler/],
  [
    "jupyter-notebook",
    ascii('{"cells": [{"cell_type": "code", "source": []}], "nbformat": 4}'),
    /Jupyter/,
  ],
  [
    "aiperf-raw",
    ascii('{"metadata": {}, "start_perf_ns": 5, "payload": {}, "responses": []}\n'),
    /profile_export\.jsonl/,
  ],
  [
    "aiperf-inputs",
    ascii('{"data": [{"session_id": "a", "payloads": [{"messages": []}]}]}'),
    /profile_export\.jsonl/,
  ],
  [
    "genai-bench-metadata",
    ascii('{"cmd": "genai-bench benchmark", "benchmark_version": "0.0.2"}'),
    /genai-bench/,
  ],
];

test.each(FILES)("%s is named, with what to read in its place", async (_name, bytes, said) => {
  await expect(readTrace(bytes, { source: "given" })).rejects.toThrow(said);
});

test("every kind has a file here, and is told from the others by it", async () => {
  expect(new Set(FILES.map(([name]) => name))).toEqual(
    new Set(UNREADABLE_FILES.map(({ name }) => name)),
  );
  const { headOf } = await import("../../../src/workload/readers/parsing/head.ts");
  for (const [name, bytes] of FILES) {
    const head = headOf(bytes, true);
    const claims = UNREADABLE_FILES.filter((each) => each.recognise(head) !== undefined);
    expect(claims.map((each) => each.name)).toEqual([name]);
  }
});

test("a kind that is passed in is named too", async () => {
  const known: KnownFile = {
    name: "mine",
    title: "a summary of mine",
    recognise: ({ text }) => text.startsWith("sum") ? "begins with sum" : undefined,
  };
  await expect(readTrace("sum 5\n", { source: "s.txt", known: [known] })).rejects.toThrow(
    "s.txt: expected a file with requests: this is a summary of mine (begins with sum); it holds no " +
      "requests; `deno task trace describe` prints what it holds",
  );
  await expect(readTrace("max 5\n", { known: [known] })).rejects.toThrow(
    "a trace in a known format",
  );
});
