import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import {
  durationOrBlankColumn,
  optionalLabelColumn,
  timesColumn,
  tokensOrBlankColumn,
} from "../parsing/columns.ts";
import { TimeColumn } from "../parsing/time-column.ts";
import { MAP, type ParsedMap, type Source } from "./column-map.ts";
import { type MapTarget, TARGETS } from "./targets.ts";
import { formOf, type InstantUnit, type NumberUnit, PER_SECOND } from "./units.ts";

/** How the values of a column are read. */
export type SlotKind = "time" | "count" | "duration" | "text";

/** A column of the file that is read; its place in the plan is its value's in a row. */
export interface Slot {
  readonly column: string;
  readonly kind: SlotKind;
  /** Reads a column of kind `time`. */
  readonly times?: TimeColumn;
  readonly unit?: InstantUnit;
}

/** A source of a target, and where its values are. */
export interface PlannedSource extends Source {
  readonly slot: number;
}

/** Rows that are no requests to serve, by what a column says. */
export interface RowFilter {
  readonly column: string;
  /** Why a row is left aside; undefined: it is not. */
  reason(value: string): string | undefined;
}

/** A {@link ParsedMap} with the columns that have to be read for it. */
export interface MapPlan {
  readonly slots: readonly Slot[];
  readonly sources: Readonly<Partial<Record<MapTarget, readonly PlannedSource[]>>>;
  readonly filters: readonly (RowFilter & { readonly slot: number })[];
}

const KIND_OF = {
  instant: "time",
  duration: "duration",
  count: "count",
  label: "text",
  status: "text",
} as const;
const KIND_WORDS: Readonly<Record<SlotKind, string>> = {
  time: "a time",
  count: "a count",
  duration: "a duration",
  text: "a name",
};

/**
 * Plans how a file is read with a map. Throws an InputError for a column that would have to be two
 * things, such as a time and a count.
 */
export function planOf(
  map: ParsedMap,
  filters: readonly RowFilter[] = [],
  file = MAP,
): MapPlan {
  const slots: Slot[] = [];
  const slotOf = (column: string, kind: SlotKind, unit?: InstantUnit): number => {
    const at = slots.findIndex((slot) => slot.column === column);
    const { kind: other = kind, unit: otherUnit = unit } = slots[at] ?? {};
    if (other !== kind || (kind === "time" && at >= 0 && slots[at].unit !== unit)) {
      const expected = other !== kind
        ? `to be one thing: it is mapped as ${KIND_WORDS[other]} and as ${KIND_WORDS[kind]}`
        : `one unit: it is mapped with ${otherUnit ?? "none"} and with ${unit ?? "none"}`;
      throw new InputError({ file, field: column, expected });
    }
    if (at >= 0) return at;
    const times = kind === "time" ? new TimeColumn(formOf(unit)) : undefined;
    return slots.push({ column, kind, ...times && { times }, ...unit && { unit } }) - 1;
  };
  const sources = Object.fromEntries(
    (Object.entries(map) as [MapTarget, readonly Source[]][]).map(([target, list]) => {
      const kind = KIND_OF[TARGETS[target].kind];
      return [
        target,
        list.map((source) => {
          const unit = kind === "time" ? source.unit : undefined;
          return { ...source, slot: slotOf(source.column, kind, unit) };
        }),
      ];
    }),
  );
  const placed = filters.map((filter) => ({ ...filter, slot: slotOf(filter.column, "text") }));
  // Keys of an object that are numbers come first: so the schema has them.
  const order = Object.values(Object.fromEntries(slots.map(({ column }, slot) => [column, slot])));
  const moved = <T extends { readonly slot: number }>(list: readonly T[]): T[] =>
    list.map((each) => ({ ...each, slot: order.indexOf(each.slot) }));
  return {
    slots: order.map((slot) => slots[slot]),
    sources: Object.fromEntries(
      Object.entries(sources).map(([target, list]) => [target, moved(list)]),
    ),
    filters: moved(placed),
  };
}

/** Longest duration and latest time since a start, seconds. */
const LONGEST = 1e9;

/** The schema of a plan's columns, by their names. */
export function schemaOf({ slots, sources }: MapPlan): z.ZodObject {
  const unitOf = (slot: number) =>
    Object.values(sources).flat().find((source) => source.slot === slot)?.unit as NumberUnit;
  return z.strictObject(Object.fromEntries(
    slots.map(({ column, kind, times }, slot): [string, z.ZodType] => {
      switch (kind) {
        case "time":
          return [column, timesColumn("time", times!)];
        case "count":
          return [column, tokensOrBlankColumn("tokens")];
        case "duration":
          return [column, durationOrBlankColumn("duration", LONGEST * PER_SECOND[unitOf(slot)])];
        case "text":
          return [column, optionalLabelColumn("name")];
      }
    }),
  ));
}
