import { listedNames } from "../listed-names.ts";
import type { Head } from "../../parsing/head.ts";
import { quotedName } from "../quoted.ts";
import { type MapTarget, TARGETS } from "../targets.ts";
import { columnWords } from "./column-words.ts";
import { type SampledColumns, sampleRows } from "./sample-rows.ts";
import { USUAL_NAMES } from "./usual-names.ts";
import {
  areCounts,
  areDurations,
  areNames,
  areStatuses,
  saidTexts,
  timesOf,
} from "./value-kinds.ts";

/** What stands in a guess where nobody can tell. */
export const UNIT_MISSING = "UNIT";
const COLUMN_MISSING = "COLUMN";

/** A piece of a guessed map. */
export interface GuessedPiece {
  readonly target: MapTarget;
  /** Absent: none was found. */
  readonly column?: string;
  /** As in a map: `ts_ms:ms`. */
  readonly spec: string;
  readonly reason: string;
}

/** What the columns of a file could be. */
export interface GuessedMap {
  readonly pieces: readonly GuessedPiece[];
  /** As `--map` takes it. */
  readonly map: string;
  /** Whether no unit and no column is left open. */
  readonly complete: boolean;
  readonly columnsLeft: readonly string[];
}

/** In this order columns are given away: what has names of its own before what may be called anything. */
const ORDER: readonly MapTarget[] = [
  ...["prompt", "output", "total", "max", "cached", "ttft", "first", "tpot", "queue"] as const,
  ...["arrival", "sent", "finish", "e2e", "status", "tenant", "tier", "category"] as const,
  ...["session", "model"] as const,
];

interface Candidate {
  readonly column: string;
  readonly rank: number;
  readonly spec: string;
  readonly reason: string;
}

/**
 * What the columns of a table or a log of JSON could be, by their names and their first values; undefined
 * where the file is no such thing, or where no column has the name of a length. A guess: it is shown to
 * people, and used where they say so.
 */
export function guessMap(head: Head): GuessedMap | undefined {
  const columns = sampleRows(head);
  if (columns === undefined) return undefined;
  const free = new Set(columns.keys());
  const found = new Map<MapTarget, GuessedPiece>();
  for (const target of ORDER) {
    const best = bestOf(target, columns, free);
    if (best === undefined) continue;
    free.delete(best.column);
    const { column, spec, reason } = best;
    found.set(target, { target, column, spec, reason });
  }
  if (!found.has("prompt") && !found.has("output")) return undefined;
  // A sum says nothing where its parts are there.
  if (found.has("prompt") && found.has("output")) found.delete("total");
  dropRepeated(found);
  for (const missing of missingOf(found)) found.set(missing.target, missing);
  const pieces = (Object.keys(TARGETS) as MapTarget[]).flatMap((target) => found.get(target) ?? []);
  const map = pieces.map(({ target, spec }) => `${target}=${spec}`).join(",");
  const open = pieces.some(({ spec }) =>
    spec === COLUMN_MISSING || spec.endsWith(`:${UNIT_MISSING}`)
  );
  const used = pieces.map(({ column }) => column);
  const columnsLeft = [...columns.keys()].filter((column) =>
    column !== "" && !used.includes(column)
  );
  return { pieces, map, complete: !open, columnsLeft };
}

function bestOf(
  target: MapTarget,
  columns: SampledColumns,
  free: ReadonlySet<string>,
): Candidate | undefined {
  const candidates = [...free].flatMap((column) =>
    candidateOf(target, column, columns.get(column)!)
  );
  return candidates.sort((a, b) => a.rank - b.rank)[0];
}

function candidateOf(
  target: MapTarget,
  column: string,
  values: readonly unknown[],
): Candidate | [] {
  const names = USUAL_NAMES[target] ?? [];
  const whole = columnWords(column);
  const last = columnWords(column.slice(column.lastIndexOf(".") + 1));
  const ranks = [whole.name, last.name].map((name) => names.indexOf(name)).filter((at) => at >= 0);
  if (ranks.length === 0) return [];
  const read = readAs(target, column, saidTexts(values));
  return read === undefined ? [] : { column, rank: Math.min(...ranks), ...read };
}

/** How a column is read as a target, and why; undefined where its values are no such thing. */
function readAs(
  target: MapTarget,
  column: string,
  texts: readonly string[],
): Pick<Candidate, "spec" | "reason"> | undefined {
  const name = quotedName(column);
  const byName = "a usual name of it";
  const { unit: named } = columnWords(column);
  switch (TARGETS[target].kind) {
    case "instant": {
      const times = timesOf(texts);
      if (times === undefined) return undefined;
      const { unit, dates, reason } = times;
      if (unit !== undefined) return { spec: `${name}:${unit}`, reason };
      // A small number by the name of an end is rather how long it took.
      if (!dates && target !== "arrival" && target !== "sent") return undefined;
      if (dates) return { spec: `${name}:${UNIT_MISSING}`, reason: `${reason}: dmy or mdy` };
      return named === undefined
        ? { spec: `${name}:${UNIT_MISSING}`, reason: `${reason}: s, ms, us or ns` }
        : { spec: `${name}:${named}`, reason: `${reason}, ${named} by its name` };
    }
    case "duration": {
      if (!areDurations(texts)) return undefined;
      return named === undefined
        ? { spec: `${name}:${UNIT_MISSING}`, reason: `${byName}: s, ms, us or ns` }
        : { spec: `${name}:${named}`, reason: `${named} by its name` };
    }
    case "count":
      return areCounts(texts) ? { spec: name, reason: byName } : undefined;
    case "status": {
      const words = listedNames([...new Set(texts)].slice(0, 5), 5);
      return areStatuses(texts) ? { spec: name, reason: `${byName}; it says ${words}` } : undefined;
    }
    case "label":
      return areNames(texts) ? { spec: name, reason: byName } : undefined;
  }
}

/** Durations whose end is there, too, say nothing more: without them there is less to be wrong. */
function dropRepeated(found: Map<MapTarget, GuessedPiece>): void {
  const started = found.has("arrival") || found.has("sent");
  if (found.has("first") && started) found.delete("ttft");
  if (found.has("finish") && started) found.delete("e2e");
  if (found.has("arrival") && found.has("sent")) {
    for (const target of ["ttft", "e2e"] as const) {
      const piece = found.get(target);
      // From which of the two it counts is not to be seen.
      if (piece) {
        found.set(target, {
          ...piece,
          spec: `${piece.spec}@arrival`,
          reason: `${piece.reason}; from the arrival, or @sent`,
        });
      }
    }
  }
  const [first, finish] = [found.get("first"), found.get("finish")];
  const starts = started || (finish && found.has("e2e")) || (first && found.has("ttft"));
  if (!starts) { for (const target of ["first", "finish"] as const) found.delete(target); }
}

/** What a map needs and nobody could find. */
function missingOf(found: ReadonlyMap<MapTarget, GuessedPiece>): GuessedPiece[] {
  const reason = "no column has a usual name of it";
  const lengths = (["prompt", "output", "total"] as const).filter((each) => found.has(each));
  return lengths.length >= 2
    ? []
    : [{ target: found.has("prompt") ? "output" : "prompt", spec: COLUMN_MISSING, reason }];
}
