import * as z from "zod";
import type { Labels } from "../workload.ts";
import { columnType } from "./json-column.ts";

/** A column as JSON; its values are looked at one by one, so that an error can name the row. */
export const Column = z.custom<readonly unknown[]>(Array.isArray, { error: "an array" });

/** A label column: names, and per request the place of its name. */
export const LabelColumn = z.strictObject({
  type: z.enum(["uint8", "uint16", "int32"]),
  names: z.array(z.string()),
  codes: Column,
});
export type LabelColumn = z.output<typeof LabelColumn>;

/** Labels as a file has them. */
export function encodeLabels({ codes, names }: Labels) {
  return { type: columnType(codes), names, codes: Array.from(codes) };
}
