import { InputError, type InputProblem } from "../../../errors/input-error.ts";
import { parseJsonDocuments, parsePythonJson } from "../../../errors/parse-json.ts";
import type { ReadLog } from "../read-log.ts";
import type { ReadTrace, TraceReader } from "../trace-format.ts";
import { decodeLine } from "./decode-line.ts";
import { LineBlocks, lineEnd } from "./line-blocks.ts";
import { wholeReader } from "./whole-reader.ts";

/** What is done with values of JSON. */
export interface JsonRows {
  readonly log: ReadLog;
  /** Gets each value, and its line; of an array the element's number, from 1. */
  read(json: unknown, row: number): void;
  end(): ReadTrace;
  /** Makes a value of a text; throws where it is no JSON. @default Python's JSON */
  readonly parse?: (text: string) => unknown;
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

function arrayReader({ log, read, end, parse = parsePythonJson }: JsonRows): TraceReader {
  return wholeReader(log, (text) => {
    let rows: unknown;
    try {
      rows = parse(text);
    } catch (error) {
      const [why] = (error as Error).message.split("\n", 1);
      throw new InputError({ file: log.source, expected: `a JSON array: ${why}` });
    }
    (rows as readonly unknown[]).forEach((row, at) => read(row, at + 1));
    return end();
  });
}

function documentsReader({ log, read, end, parse }: JsonRows): TraceReader {
  return wholeReader(log, (text) => {
    for (const { value, row } of parseJsonDocuments(text, log.source, parse)) read(value, row);
    return end();
  });
}

function linesReader({ log, read, end, parse = parsePythonJson }: JsonRows): TraceReader {
  let row = 0;
  const blocks = new LineBlocks(log.source, (bytes, start, stop) => {
    for (let at = start; at < stop;) {
      const next = lineEnd(bytes, at, stop);
      row++;
      const line = decodeLine(bytes.subarray(at, next), { file: log.source, row });
      at = next;
      if (line.trim() === "") {
        log.blankLines++;
        continue;
      }
      const value = parsed(line, parse, { file: log.source, row });
      if (value instanceof Array) log.refuse(value);
      else read(value.json, row);
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

function parsed(
  line: string,
  parse: (text: string) => unknown,
  place: { file: string; row: number },
): { readonly json: unknown } | InputProblem[] {
  try {
    return { json: parse(line) };
  } catch {
    return [{ ...place, value: line.trimEnd(), expected: "JSON" }];
  }
}
