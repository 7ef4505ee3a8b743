import type { KnownFile } from "./known-file.ts";
import { hasKeys, type Head } from "./parsing/head.ts";

/** A kind of file that is told by its first bytes, any one of several. */
function byBytes(
  file: Pick<KnownFile, "name" | "title" | "instead">,
  ...starts: readonly (readonly number[] | string)[]
): KnownFile {
  const magics = starts.map((start) =>
    typeof start === "string" ? Array.from(start, (sign) => sign.charCodeAt(0)) : start
  );
  return {
    ...file,
    recognise: ({ bytes }) =>
      magics.some((magic) => magic.every((byte, at) => bytes[at] === byte))
        ? "by its first bytes"
        : undefined,
  };
}

/** A kind of file that is told by its text. */
function byText(
  file: Pick<KnownFile, "name" | "title" | "instead">,
  pattern: RegExp,
  reason: string,
): KnownFile {
  return { ...file, recognise: ({ text }) => pattern.test(text) ? reason : undefined };
}

/** A kind of JSON file that is told by what its first object has. */
function byKeys(
  file: Pick<KnownFile, "name" | "title" | "instead">,
  holds: (head: Head) => boolean,
  reason: string,
): KnownFile {
  return { ...file, recognise: (head) => holds(head) ? reason : undefined };
}

const UNPACK = "unpack it first; gzip and zstd are read as they are";
const AS_LINES = (read: string) =>
  `convert it to JSON lines, in Python: pandas.${read}("FILE")` +
  '.to_json("FILE.jsonl", orient="records", lines=True)';

const LFS_START = "version https://git-lfs.github.com/spec/v1";

/** What stands in a repository in place of a large file: three lines of text. */
const gitLfsPointer: KnownFile = {
  name: "git-lfs-pointer",
  title: "a Git LFS pointer, which stands for a file that was not fetched",
  instead:
    "fetch it with `git lfs pull` where the repository was cloned, or download the raw file " +
    "from the repository's page",
  recognise({ text }) {
    if (!text.startsWith(LFS_START)) return undefined;
    const size = /^size (\d+)$/m.exec(text)?.[1];
    return `begins with ${LFS_START}${size ? `; the file itself has ${size} bytes` : ""}`;
  },
};

/**
 * Files that people take for traces, that are known by their content and not read: each says what it
 * is and what to read in its place.
 */
export const UNREADABLE_FILES: readonly KnownFile[] = [
  {
    name: "empty",
    title: "an empty file",
    instead: "save or download it again",
    recognise({ text, whole, bytes }) {
      if (!whole || text.trim() !== "") return undefined;
      return bytes.length === 0 ? "0 bytes" : "blank lines alone";
    },
  },
  gitLfsPointer,
  byBytes(
    { name: "parquet", title: "a Parquet file", instead: AS_LINES("read_parquet") },
    "PAR1",
  ),
  byBytes(
    { name: "arrow", title: "an Arrow or Feather file", instead: AS_LINES("read_feather") },
    "ARROW1",
    "FEA1",
    // A stream of Arrow's messages, as Hugging Face's `save_to_disk` writes.
    [0xff, 0xff, 0xff, 0xff],
  ),
  byBytes(
    {
      name: "pickle",
      title: "a Python pickle, which runs code when it is read",
      instead: AS_LINES("read_pickle"),
    },
    ...[2, 3, 4, 5].map((protocol) => [0x80, protocol]),
  ),
  byBytes(
    {
      name: "numpy",
      title: "a NumPy array",
      instead: 'convert it to CSV with a header, in Python: numpy.savetxt("FILE.csv", …)',
    },
    [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59],
  ),
  byBytes(
    {
      name: "zip",
      title: "a ZIP archive, perhaps an Excel workbook (.xlsx) or a NumPy one (.npz)",
      instead: "unpack it, or save the sheet as CSV",
    },
    [0x50, 0x4b, 0x03, 0x04],
  ),
  byBytes(
    { name: "xls", title: "an old Excel workbook (.xls)", instead: "save the sheet as CSV" },
    [0xd0, 0xcf, 0x11, 0xe0],
  ),
  byBytes(
    {
      name: "sqlite",
      title: "an SQLite database",
      instead: 'export the table: sqlite3 -header -csv FILE "select * from TABLE"',
    },
    "SQLite format 3\0",
  ),
  byBytes(
    { name: "hdf5", title: "an HDF5 file", instead: AS_LINES("read_hdf") },
    [0x89, 0x48, 0x44, 0x46],
  ),
  byBytes(
    { name: "orc", title: "an ORC file", instead: AS_LINES("read_orc") },
    "ORC",
  ),
  byBytes(
    {
      name: "avro",
      title: "an Avro file",
      instead: "convert it to JSON lines: avro-tools tojson FILE",
    },
    [0x4f, 0x62, 0x6a, 0x01],
  ),
  byBytes(
    {
      name: "pcap",
      title: "a capture of network packets (pcap)",
      instead: "it holds packets, not requests: read the log of the gateway or the client",
    },
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0x4d, 0x3c, 0xb2, 0xa1],
    [0x0a, 0x0d, 0x0d, 0x0a],
  ),
  byBytes({ name: "bzip2", title: "packed with bzip2", instead: UNPACK }, "BZh"),
  byBytes({ name: "xz", title: "packed with xz", instead: UNPACK }, [0xfd, 0x37, 0x7a, 0x58, 0x5a]),
  byBytes({ name: "lz4", title: "packed with LZ4", instead: UNPACK }, [0x04, 0x22, 0x4d, 0x18]),
  byBytes({ name: "7z", title: "a 7z archive", instead: UNPACK }, [0x37, 0x7a, 0xbc, 0xaf, 0x27]),
  byBytes(
    { name: "pdf", title: "a PDF", instead: "read the data that it was made of" },
    "%PDF",
  ),
  byBytes(
    { name: "utf-16", title: "text in UTF-16", instead: "save it in UTF-8" },
    [0xff, 0xfe],
    [0xfe, 0xff],
  ),
  {
    name: "tar",
    title: "a tar archive",
    instead: "unpack it and read one file",
    recognise: ({ text }) => text.slice(257, 262) === "ustar" ? "by its first bytes" : undefined,
  },
  byText(
    {
      name: "html",
      title: "a web page",
      instead: "download the raw file, not the page that shows it",
    },
    /^\s*<(?:!doctype\s+html|html)\b/i,
    "begins as HTML",
  ),
  byText(
    { name: "xml", title: "XML", instead: "read the requests as CSV or JSON lines" },
    /^\s*<\?xml\b/,
    "begins as XML",
  ),
  byText(
    {
      name: "prometheus",
      title: "metrics in Prometheus's text format",
      instead:
        "they are sums over all requests: read a log or a benchmark's result with one row a request",
    },
    /^# (?:HELP|TYPE) [a-zA-Z_:]/m,
    "lines that begin with # HELP or # TYPE",
  ),
  byText(
    {
      name: "vllm-log",
      title: "the log of a vLLM server",
      instead: "it holds averages over seconds: read the result of `vllm bench serve` with " +
        "--save-result --save-detailed, or the log of the gateway before it",
    },
    /Avg prompt throughput: [\d.]+ tokens\/s/,
    "lines with Avg prompt throughput",
  ),
  byKeys(
    {
      name: "chrome-trace",
      title: "a trace of Chrome's or PyTorch's profiler",
      instead: "it holds spans of functions, not requests",
    },
    (head) =>
      hasKeys(head, ["traceEvents"]) || (head.isArray && hasKeys(head, ["ph", "ts"])) ||
      /^\s*\{[^[]{0,4096}"traceEvents"\s*:/.test(head.text),
    "traceEvents",
  ),
  byKeys(
    {
      name: "jupyter-notebook",
      title: "a Jupyter notebook",
      instead: "read the file that it loads",
    },
    (head) => hasKeys(head, ["cells"]) && /"cell_type"\s*:/.test(head.text),
    "cells with a cell_type",
  ),
  byKeys(
    {
      name: "aiperf-raw",
      title: "AIPerf's raw records",
      instead: "read profile_export.jsonl, which AIPerf writes beside it",
    },
    (head) => hasKeys(head, ["metadata", "start_perf_ns"]),
    "JSON lines with metadata and start_perf_ns",
  ),
  byKeys(
    {
      name: "aiperf-inputs",
      title: "AIPerf's inputs.json, what it was going to send",
      instead: "read profile_export.jsonl, which AIPerf writes beside it",
    },
    (head) =>
      hasKeys(head, ["data"]) && /"session_id"\s*:/.test(head.text) &&
      /"payloads"\s*:/.test(head.text),
    "data with session_id and payloads",
  ),
  byKeys(
    {
      name: "genai-bench-metadata",
      title: "the settings of a genai-bench experiment",
      instead: "read one of the results beside it, whose names say scenario and concurrency",
    },
    (head) => hasKeys(head, ["cmd", "benchmark_version"]),
    "cmd and benchmark_version",
  ),
];
