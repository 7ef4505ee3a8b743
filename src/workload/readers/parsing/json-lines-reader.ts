import type * as z from "zod";
import { InputError, type InputProblem } from "../../../errors/input-error.ts";
import { parsePythonJson } from "../../../errors/parse-json.ts";
import { checkRow } from "./check-row.ts";
import { decodeLine } from "./decode-line.ts";
import { LineBlocks, lineEnd } from "./line-blocks.ts";
import type { ReadLog } from "../read-log.ts";
import type { RowVerdict } from "./row-verdict.ts";
import type { ReadTrace, TraceReader } from "../trace-format.ts";
import { wholeReader } from "./whole-reader.ts";

/** What a format does with lines of JSON. */
export interface JsonLines<S extends z.ZodType> {
  readonly log: ReadLog;
  /** Checks the object of a row; keys that a loose object lets through are reported as ignored. */
  readonly schema: S;
  /**
   * Says of a row what becomes of it, or `"counted"` where it holds several requests and the log has
   * been told of each.
   *
   * @param place line of the row, or its number in an array, from 1
   */
  take(row: z.output<S>, place: number): RowVerdict | "counted";
  end(): ReadTrace;
}

/**
 * A reader of JSON whose rows are objects: one a line, blank lines counted, or the elements of one
 * array, whose rows are numbered from 1. A row that is no JSON, or not what the schema says, is
 * refused. The schema is run on every row. Throws an InputError for an array above 500 MB.
 */
export function jsonLinesReader<S extends z.ZodType>(
  { log, schema, take, end }: JsonLines<S>,
): TraceReader {
  const known = "shape" in schema ? new Set(Object.keys(schema.shape as object)) : undefined;
  const ignored = new Set<string>();

  const readRow = (json: unknown, row: number) => {
    const result = checkRow(schema, json, { file: log.source, row });
    if (!("data" in result)) return log.refuse(result);
    if (known !== undefined) {
      for (const key in json as object) if (!known.has(key)) ignored.add(key);
    }
    const verdict = take(result.data, row);
    if (verdict !== "counted") log.verdict(row, verdict);
  };
  const finish = () => {
    log.columnsIgnored.push(...ignored);
    return end();
  };
  let reader: TraceReader | undefined;
  return {
    push(bytes) {
      reader ??= beginsArray(bytes)
        ? arrayReader(log, readRow, finish)
        : linesReader(log, readRow, finish);
      reader.push(bytes);
    },
    end: () => (reader ?? linesReader(log, readRow, finish)).end(),
  };
}

type ReadRow = (json: unknown, row: number) => void;

/** Whether the first byte that is no blank and no byte order mark is that of an array. */
function beginsArray(bytes: Uint8Array): boolean {
  const blank = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
  return bytes[bytes.findIndex((byte) => !blank.has(byte))] === 0x5b;
}

function arrayReader(log: ReadLog, readRow: ReadRow, end: () => ReadTrace): TraceReader {
  return wholeReader(log, (text) => {
    let rows: unknown;
    try {
      rows = parsePythonJson(text);
    } catch (error) {
      const [why] = (error as Error).message.split("\n", 1);
      throw new InputError({ file: log.source, expected: `a JSON array: ${why}` });
    }
    (rows as readonly unknown[]).forEach((row, at) => readRow(row, at + 1));
    return end();
  });
}

function linesReader(log: ReadLog, readRow: ReadRow, end: () => ReadTrace): TraceReader {
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
      const value = parsed(line, { file: log.source, row });
      if (value instanceof Array) log.refuse(value);
      else readRow(value.json, row);
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
  place: { file: string; row: number },
): { readonly json: unknown } | InputProblem[] {
  try {
    return { json: parsePythonJson(line) };
  } catch {
    return [{ ...place, value: line.trimEnd(), expected: "JSON" }];
  }
}
