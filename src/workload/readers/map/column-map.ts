import { closeNames } from "../../../errors/close-names.ts";
import { InputError } from "../../../errors/input-error.ts";
import { splitOutsideQuotes, unquoted } from "./quoted.ts";
import { type MapTarget, targetNamed, TARGETS } from "./targets.ts";
import { DURATION_UNITS, INSTANT_UNITS, type InstantUnit, type NumberUnit } from "./units.ts";

/** A column of a {@link ColumnMap} in parts, for names that the short way cannot write. */
export interface MappedColumn {
  /** Its name, or a path into nested objects; of several the first that says something. */
  readonly column: string | readonly string[];
  /** As behind the colon: `ms`, `iso`, `ms@sent`; of a status the words that mean an answer. */
  readonly unit?: string;
}

/** Which column is what: `{ arrival: "ts_ms:ms", prompt: "usage.prompt_tokens", tenant: "user" }`. */
export type ColumnMap = Readonly<Partial<Record<MapTarget, string | MappedColumn>>>;

/** Where a target's values are. */
export interface Source {
  readonly column: string;
  /** Of an instant or a duration; absent: to be told by the values. */
  readonly unit?: InstantUnit;
  /** From where a duration counts, where the map says it. */
  readonly from?: "arrival" | "sent";
  /** Words of a status that mean an answer; absent: the usual ones. */
  readonly words?: readonly string[];
}

/** A map whose every part is known; several sources: the first that says something. */
export type ParsedMap = Readonly<Partial<Record<MapTarget, readonly Source[]>>>;

/** Name of the map in messages, where it is not from a file. */
export const MAP = "--map";

/** How a map is written, for messages. */
export const MAP_SYNTAX = "target=column or target=column:unit, with commas between";

/**
 * A column map from its text, `arrival=ts_ms:ms,prompt=prompt_tok,output=completion_tok`, or from an
 * object of target to `column:unit`. Throws an InputError that names what is wrong: unknown targets and
 * units, a target twice, a duration without a unit, and what {@link checkMap} finds.
 *
 * @param file where the map is from, for messages
 */
export function parseColumnMap(map: string | ColumnMap, file = MAP): ParsedMap {
  const pairs = typeof map === "string" ? pairsOf(map, file) : entriesOf(map, file);
  const parsed: Partial<Record<MapTarget, readonly Source[]>> = {};
  for (const [word, spec] of pairs) {
    const target = targetNamed(word);
    if (target === undefined) throw unknownTarget(word, file);
    if (parsed[target] !== undefined) {
      const expected = "each target once; columns of which one has a value are column|column";
      throw new InputError({ file, field: target, value: spec, expected });
    }
    parsed[target] = sourcesOf(spec, { file, target });
  }
  checkMap(parsed, file);
  return parsed;
}

function pairsOf(text: string, file: string): [string, string][] {
  return splitOutsideQuotes(text, ",").map((pair): [string, string] => {
    const at = pair.indexOf("=");
    const [target, spec] = [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()];
    if (at > 0 && target !== "" && spec !== "") return [target, spec];
    throw new InputError({ file, field: "map", value: pair, expected: MAP_SYNTAX });
  });
}

function entriesOf(map: ColumnMap, file: string): [string, string | MappedColumn][] {
  if (typeof map !== "object" || map === null || Array.isArray(map)) {
    const expected = 'an object of target to "column:unit"';
    throw new InputError({ file, field: "map", value: map, expected });
  }
  return Object.entries(map).filter(([, spec]) => spec !== undefined);
}

function unknownTarget(word: string, file: string): InputError {
  const names = Object.keys(TARGETS);
  const [close] = closeNames(word, names);
  const hint = close === undefined ? "" : `; ${close} perhaps`;
  const expected = `a known target, one of ${names.join(", ")}${hint}`;
  return new InputError({ file, field: "map", value: word, expected });
}

interface Place {
  readonly file: string;
  readonly target: MapTarget;
}

function sourcesOf(spec: string | MappedColumn, place: Place): Source[] {
  if (typeof spec === "string") {
    return splitOutsideQuotes(spec, "|").map((each) => sourceOf(each.trim(), spec, place));
  }
  const { column, unit } = spec ?? {};
  const columns = typeof column === "string" ? [column] : column;
  const good = Array.isArray(columns) && columns.length > 0 &&
    columns.every((name) => typeof name === "string" && name !== "") &&
    (unit === undefined || typeof unit === "string");
  if (good) return columns.map((name: string) => ({ column: name, ...unitOf(unit, spec, place) }));
  const expected = '"column:unit", or { column, unit } with texts';
  throw new InputError({ file: place.file, field: place.target, value: spec, expected });
}

function sourceOf(text: string, spec: string, place: Place): Source {
  const quoted = unquoted(text);
  const colon = text.lastIndexOf(":");
  const [name, unit] = quoted !== undefined
    ? [quoted.name, quoted.rest === "" ? undefined : quoted.rest.replace(/^:/, "")]
    : colon < 0
    ? [text, undefined]
    : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  if (name !== "" && unit !== "" && (quoted === undefined || /^(:|$)/.test(quoted.rest))) {
    return { column: name, ...unitOf(unit, spec, place) };
  }
  const expected = `a column's name and perhaps a unit, ${place.target}=column:unit`;
  throw new InputError({ file: place.file, field: place.target, value: spec, expected });
}

const QUOTES = 'quotes are put around a name with a colon: "a:b"';

function unitOf(
  text: string | undefined,
  spec: unknown,
  { file, target }: Place,
): Omit<Source, "column"> {
  const { kind } = TARGETS[target];
  const wrong = (expected: string) =>
    new InputError({ file, field: target, value: spec, expected });
  if (kind === "status") return text === undefined ? {} : { words: text.split("/") };
  if (kind === "instant") {
    if (text === undefined) return {};
    if ((INSTANT_UNITS as readonly string[]).includes(text)) return { unit: text as InstantUnit };
    throw wrong(`a known unit, one of ${INSTANT_UNITS.join(", ")}; ${QUOTES}`);
  }
  if (kind === "duration") {
    if (text === undefined) {
      throw wrong(
        `its unit, which no value tells: ${target}=column:s, :ms, :us or :ns`,
      );
    }
    const [unit, from] = text.split("@");
    const known = (DURATION_UNITS as readonly string[]).includes(unit);
    if (known && from === undefined) return { unit: unit as NumberUnit };
    const counts = target === "ttft" || target === "e2e";
    if (
      known && counts && (from === "arrival" || from === "sent") && text.split("@").length === 2
    ) {
      return { unit: unit as NumberUnit, from };
    }
    throw wrong(
      `a known unit, one of ${DURATION_UNITS.join(", ")}${
        counts ? ", and perhaps from where it counts: ms@arrival, ms@sent" : ""
      }; ${QUOTES}`,
    );
  }
  if (text === undefined) return {};
  throw wrong(`no unit: ${target} has none; ${QUOTES}`);
}

/**
 * Refuses a map that cannot give requests: without lengths, with ends but no starts, or with a duration
 * of which nobody knows from where it counts.
 */
export function checkMap(map: ParsedMap, file = MAP): void {
  const has = (...targets: MapTarget[]) => targets.every((each) => map[each] !== undefined);
  const wrong = (field: string, expected: string) => {
    throw new InputError({ file, field, value: Object.keys(map).join(", "), expected });
  };
  if (["prompt", "output", "total"].filter((each) => has(each as MapTarget)).length < 2) {
    wrong("map", "lengths: prompt=… and output=…, or one of them and total=…");
  }
  const starts = has("arrival") || has("sent") || has("finish", "e2e") || has("first", "ttft");
  if (!starts && (has("first") || has("finish"))) {
    wrong(
      "map",
      "when requests began: arrival=… or sent=…, or the duration up to the time that is there: " +
        (has("finish") ? "e2e=…" : "ttft=…"),
    );
  }
  for (const target of ["ttft", "e2e"] as const) {
    const sources = map[target] ?? [];
    for (const { from } of sources) {
      if (from !== sources[0].from) wrong(target, "one start from which all its columns count");
      if (from === undefined && has("arrival", "sent")) {
        wrong(
          target,
          `from where it counts: ${target}=column:ms@arrival or ${target}=column:ms@sent`,
        );
      }
      if (from === "arrival" && has("sent") && !has("arrival")) {
        wrong(target, `arrival=… in the map, or ${target}=column:ms@sent`);
      }
      if (from === "sent" && has("arrival") && !has("sent")) {
        wrong(target, `sent=… in the map, or ${target}=column:ms@arrival`);
      }
    }
  }
  const [ttft, e2e] = [map.ttft, map.e2e].map((sources) => sources?.[0].from);
  if (ttft !== undefined && e2e !== undefined && ttft !== e2e && !has("arrival", "sent")) {
    wrong("ttft", "to count from where e2e counts, or both arrival=… and sent=…");
  }
}
