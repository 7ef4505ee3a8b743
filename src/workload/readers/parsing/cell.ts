import * as z from "zod";
import { withFormula } from "../../../csv/formula.ts";
import { isBlank } from "./blank.ts";
import { parseInstant } from "./instant.ts";
import type { TimeColumn } from "./time-column.ts";

/** Reads one cell of a column. */
export interface Cell {
  readonly kind: "integer" | "number" | "text" | "instant" | "time";
  /** Bounds of a number, both inclusive. */
  readonly minimum: number;
  readonly maximum: number;
  /** What the column accepts, in words: `an integer from 1 to 1024`. */
  readonly expected: string;
  /** Whether a file may lack the column. */
  readonly optional: boolean;
  /** Whether a cell may say nothing (see `isBlank`), which is read as NaN. */
  readonly blank: boolean;
  /** Reads the cells of a column of times. */
  readonly times?: TimeColumn;
  /** The value of a cell's text, or undefined where the column does not accept it. */
  parse(text: string): number | string | undefined;
}

interface Keywords {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly expected?: string;
  readonly instant?: boolean;
  /** Whether an empty cell is no value: NaN. */
  readonly blank?: boolean;
}

const UNDERSTOOD = new Set([
  ...["$schema", "type", "minimum", "maximum", "minLength", "maxLength", "pattern", "enum"],
  ...["description", "unit", "expected", "instant", "blank", "times"],
]);

// Number() alone would take "", " 1", "0x10" and "Infinity". No two neighbouring repetitions match
// the same digit, so that a cell of ten million digits is refused in one pass.
const INTEGER = /^-?[0-9]+(?:\.0*)?$/;
const DECIMAL = /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/**
 * Turns the zod schema of a column into a reader of its cells. Cells are text, columns are numbers
 * or labels, and files have millions of them: the schema is the one definition, read once here
 * instead of being run per cell.
 *
 * Throws a TypeError for a schema with anything but a plain type and bounds, because what is not
 * understood here would go unchecked.
 */
export function compileCell(schema: z.ZodType): Cell {
  const optional = schema instanceof z.ZodOptional;
  const inner = (optional ? schema.unwrap() : schema) as z.ZodType;
  const keywords = z.toJSONSchema(inner, { unrepresentable: "throw" }) as Keywords;
  const checks = inner._zod.def.checks ?? [];
  const strange = Object.keys(keywords).find((keyword) => !UNDERSTOOD.has(keyword)) ??
    checks.map((check) => check._zod.def.check).find((kind) => kind === "custom");
  if (strange !== undefined) {
    throw new TypeError(`Cannot read cells of a column with ${strange}: only types and bounds`);
  }
  const { blank = false } = keywords;
  const own = { optional, blank };
  switch (keywords.type) {
    case "integer":
      return { ...own, kind: "integer", ...numberCell(INTEGER, "an integer", keywords) };
    case "number":
      return { ...own, kind: "number", ...numberCell(DECIMAL, "a number", keywords) };
    case "string": {
      const times = inner.meta()?.times as TimeColumn | undefined;
      if (times !== undefined) return { ...own, kind: "time", ...timeCell(times) };
      return keywords.instant
        ? { ...own, kind: "instant", ...instantCell(keywords) }
        : { ...own, kind: "text", ...textCell(keywords) };
    }
    default:
      throw new TypeError(`Cannot read cells of type ${keywords.type}`);
  }
}

function numberCell(
  shape: RegExp,
  noun: string,
  { minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE, blank }: Keywords,
) {
  return {
    minimum,
    maximum,
    expected: `${noun} from ${minimum} to ${maximum}`,
    parse(text: string): number | undefined {
      if (!shape.test(text)) return blank && isBlank(text) ? NaN : undefined;
      const value = Number(text);
      return value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

const UNBOUNDED = { minimum: -Infinity, maximum: Infinity };
const encoder = new TextEncoder();

function instantCell({ expected = "a date and time", blank }: Keywords) {
  return {
    ...UNBOUNDED,
    expected,
    parse(text: string): number | undefined {
      if (blank && text === "") return NaN;
      const bytes = encoder.encode(text);
      const ticks = parseInstant(bytes, 0, bytes.length);
      return Number.isNaN(ticks) ? undefined : ticks;
    },
  };
}

function timeCell(times: TimeColumn) {
  return {
    ...UNBOUNDED,
    times,
    expected: times.expected,
    parse: (text: string) => times.parseText(text),
  };
}

function textCell(keywords: Keywords) {
  const { minLength = 0, maxLength = Infinity } = keywords;
  const pattern = keywords.pattern === undefined ? undefined : new RegExp(keywords.pattern, "u");
  const words = keywords.enum === undefined ? undefined : new Set(keywords.enum);
  const accepts = (text: string) =>
    text.length >= minLength && text.length <= maxLength &&
    (pattern?.test(text) ?? true) && (words?.has(text) ?? true);
  return {
    ...UNBOUNDED,
    expected: keywords.expected ?? `text of ${minLength} to ${maxLength} characters`,
    parse(text: string): string | undefined {
      const name = withFormula(text);
      return accepts(name) ? name : undefined;
    },
  };
}
