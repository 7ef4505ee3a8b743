import { InputError, type InputProblem } from "../../../errors/input-error.ts";
import { parseJsonDocuments, parsePythonJson } from "../../../errors/parse-json.ts";
import type { ReadLog } from "../read-log.ts";
import type { ReadTrace, TraceReader } from "../trace-format.ts";
import { decodeLine } from "./decode-line.ts";
import { LineBlocks, lineEnd } from "./line-blocks.ts";
import { wholeReader } from "./whole-reader.ts";

/** Makes a value of a text; throws where it is no JSON. */
export type ParseJson = (text: string) => unknown;

/** What is done with values of JSON. */
export interface JsonRows {
  readonly log: ReadLog;
  /** Gets each value, and its line; of an array the element's number, from 1. */
  read(json: unknown, row: number): void;
  end(): ReadTrace;
  /** The parser of the values within a text. @default Python's JSON */
  readonly parserFor?: (text: string) => ParseJson;
  /** A file may also hold values of several lines each, one behind the other. @default false */
  readonly documents?: boolean;
}

/**
 * A reader of JSON whose values are rows: one a line, blank lines counted, or the elements of one
 * array, whose rows are numbered from 1. A line that is no JSON is refused. Throws an InputError for an
 * array above 500 MB.
 */
export function jsonRowsReader(rows: JsonRows): TraceReader {
  let reader: TraceReader | undefined;
  return {
    push(bytes) {
      reader ??= readerFor(bytes, rows);
      reader.push(bytes);
    },
    end: () => (reader ?? linesReader(rows)).end(),
  };
}

function readerFor(bytes: Uint8Array, rows: JsonRows): TraceReader {
  const start = new TextDecoder().decode(bytes.subarray(0, 1024)).trimStart();
  if (start.startsWith("[")) return arrayReader(rows);
  // Of a value in several lines the first line has its bracket alone.
  return rows.documents && /^\{[ \t]*[\r\n]/.test(start)
    ? documentsReader(rows)
    : linesReader(rows);
}

function arrayReader({ log, read, end, parserFor = () => parsePythonJson }: JsonRows): TraceReader {
  return wholeReader(log, (text) => {
    let rows: unknown;
    try {
      rows = parserFor(text)(text);
    } catch (error) {
      const [why] = (error as Error).message.split("\n", 1);
      throw new InputError({ file: log.source, expected: `a JSON array: ${why}` });
    }
    (rows as readonly unknown[]).forEach((row, at) => read(row, at + 1));
    return end();
  });
}

function documentsReader({ log, read, end, parserFor }: JsonRows): TraceReader {
  return wholeReader(log, (text) => {
    const documents = parseJsonDocuments(text, log.source, parserFor?.(text));
    for (const { value, row } of documents) read(value, row);
    return end();
  });
}

function linesReader({ log, read, end, parserFor = () => parsePythonJson }: JsonRows): TraceReader {
  let row = 0;
  const readLine = (line: string, parse: ParseJson) => {
    row++;
    if (line.trim() === "") {
      log.blankLines++;
      return;
    }
    const value = parsed(line, parse, { file: log.source, row });
    if (value instanceof Array) log.refuse(value);
    else read(value.json, row);
  };
  const blocks = new LineBlocks(log.source, (bytes, start, stop) => {
    const text = decoded(bytes.subarray(start, stop));
    if (text !== undefined) {
      const parse = parserFor(text);
      forEachLine(text, (line) => readLine(line, parse));
      return;
    }
    // Some line is not UTF-8: that one is named.
    for (let at = start; at < stop;) {
      const next = lineEnd(bytes, at, stop);
      const line = decodeLine(bytes.subarray(at, next), { file: log.source, row: row + 1 });
      readLine(line, parserFor(line));
      at = next;
    }
  }, () => row);
  return {
    push: (bytes) => blocks.push(bytes),
    end() {
      blocks.end();
      return end();
    },
  };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text of bytes; undefined where they are not UTF-8, or more than a string holds. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Calls `take` with each line of a text, its line end (LF, CR or CR LF) included. Each end is looked for
 * once: a text may have a million of the one and none of the other.
 */
function forEachLine(text: string, take: (line: string) => void): void {
  const next = (end: string, from: number) => {
    const found = text.indexOf(end, from);
    return found < 0 ? text.length : found;
  };
  let lf = next("\n", 0), cr = next("\r", 0);
  for (let at = 0; at < text.length;) {
    const end = lf === cr + 1 ? lf : Math.min(lf, cr);
    take(text.slice(at, end + 1));
    at = end + 1;
    if (lf < at) lf = next("\n", at);
    if (cr < at) cr = next("\r", at);
  }
}

function parsed(
  line: string,
  parse: ParseJson,
  place: { file: string; row: number },
): { readonly json: unknown } | InputProblem[] {
  try {
    return { json: parse(line) };
  } catch {
    return [{ ...place, value: line.trimEnd(), expected: "JSON" }];
  }
}
