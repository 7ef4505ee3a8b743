import type * as z from "zod";
import type { InputProblem } from "../../../errors/input-error.ts";
import { checkRow } from "./check-row.ts";
import { decodeLine } from "./decode-line.ts";
import { LineBlocks, lineEnd } from "./line-blocks.ts";
import type { ReadLog } from "../read-log.ts";
import type { RowVerdict } from "./row-verdict.ts";
import type { ReadTrace, TraceReader } from "../trace-format.ts";

/** What a format does with lines of JSON. */
export interface JsonLines<S extends z.ZodType> {
  readonly log: ReadLog;
  /** Checks the object of a line; keys that a loose object lets through are reported as ignored. */
  readonly schema: S;
  take(row: z.output<S>): RowVerdict;
  end(): ReadTrace;
}

/**
 * A reader of JSON lines: one value a line, blank lines counted. A line that is no JSON, or not what
 * the schema says, is a refused row. The schema is run on every line.
 */
export function jsonLinesReader<S extends z.ZodType>(
  { log, schema, take, end }: JsonLines<S>,
): TraceReader {
  const known = "shape" in schema ? new Set(Object.keys(schema.shape as object)) : undefined;
  const ignored = new Set<string>();
  let row = 0;

  const readLine = (line: string) => {
    if (line.trim() === "") {
      log.blankLines++;
      return;
    }
    const value = parsed(line, { file: log.source, row });
    if (value instanceof Array) return log.refuse(value);
    const result = checkRow(schema, value.json, { file: log.source, row });
    if (!("data" in result)) return log.refuse(result);
    if (known !== undefined) {
      for (const key in value.json as object) if (!known.has(key)) ignored.add(key);
    }
    log.verdict(row, take(result.data));
  };
  const blocks = new LineBlocks(log.source, (bytes, start, end) => {
    for (let at = start; at < end;) {
      const next = lineEnd(bytes, at, end);
      row++;
      readLine(decodeLine(bytes.subarray(at, next), { file: log.source, row }));
      at = next;
    }
  });
  return {
    push: (bytes) => blocks.push(bytes),
    end() {
      blocks.end();
      log.columnsIgnored.push(...ignored);
      return end();
    },
  };
}

function parsed(
  line: string,
  place: { file: string; row: number },
): { readonly json: unknown } | InputProblem[] {
  try {
    return { json: JSON.parse(line) };
  } catch {
    return [{ ...place, value: line.trimEnd(), expected: "JSON" }];
  }
}
