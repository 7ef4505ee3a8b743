import type { z } from "zod";
import { ARENA_MEASURED, ArenaMeasuredRow } from "./arena-measured.ts";
import { ARENA_TRACE, ArenaTraceRow } from "./arena-trace.ts";
import { BURSTGPT, BurstGptRow } from "./burstgpt-lengths.ts";
import { LENGTHS, LengthsRow } from "./lengths.ts";

/** A format that can be read. */
export interface TraceFormat {
  readonly title: string;
  /** Columns of a row: names, types, units, bounds. */
  readonly row: z.ZodObject;
  /** Where the rows are in a JSON file; absent for CSV. */
  readonly rowsAt?: string;
}

/** Formats by name. A new one is one file and one line here. */
export const FORMATS: Readonly<Record<string, TraceFormat>> = {
  [ARENA_TRACE]: { title: "VTC arena trace", row: ArenaTraceRow },
  [ARENA_MEASURED]: {
    title: "VTC measured requests",
    row: ArenaMeasuredRow,
    rowsAt: "result.responses",
  },
  [LENGTHS]: { title: "prompt and answer lengths", row: LengthsRow },
  [BURSTGPT]: { title: "BurstGPT, version 1 or 2", row: BurstGptRow },
};
