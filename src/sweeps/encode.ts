import { InputError } from "../errors/input-error.ts";
import { moduleOf, type ModuleReference } from "../registry/module-definition.ts";

/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A typed array, as columns and tables of costs are. */
export type Column =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

/** What to write for values that JSON cannot hold; undefined leaves the value out. */
export interface Encoder {
  column(values: Column): JsonObject;
  module(definition: object, module: ModuleReference): JsonObject | undefined;
  /** A function, or an object that is more than its plain properties. */
  object(value: object, path: string): JsonObject | undefined;
}

/** Numbers that JSON writes as something else. */
const ODD_NUMBERS = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
  return !Object.values(value).some((inner) =>
    typeof inner === "function" && moduleOf(inner) === null
  );
}

function isColumn(value: object): value is Column {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array);
}

/**
 * A value as JSON from which {@link decode} gives it back. Keys that begin with `$` are the encoder's:
 * those of the value are written with one more. Properties that are undefined are left out.
 */
export function encode(value: unknown, encoder: Encoder, path = ""): Json | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { $number: Object.is(value, -0) ? "-0" : String(value) };
    case "undefined":
      return undefined;
    case "bigint":
    case "symbol":
      throw new InputError({
        file: "cell of a sweep",
        field: path,
        value: String(value),
        expected: "a number, a text, a list, an object, a typed array or a definition",
      });
  }
  if (value === null) return null;
  const object = value as object;
  const module = moduleOf(object);
  if (module !== null) return encoder.module(object, module);
  if (Array.isArray(object)) {
    return object.map((inner, i) => {
      const json = encode(inner, encoder, `${path}[${i}]`);
      return json === undefined ? { $none: true } : json;
    });
  }
  if (isColumn(object)) return encoder.column(object);
  if (typeof object === "function" || !isPlain(object)) return encoder.object(object, path);
  const entries = Object.entries(object).flatMap(([key, inner]): [string, Json][] => {
    const json = encode(inner, encoder, path === "" ? key : `${path}.${key}`);
    return json === undefined ? [] : [[key.startsWith("$") ? `$${key}` : key, json]];
  });
  return Object.fromEntries(entries);
}

/** What the marks of an {@link Encoder} stand for. */
export type Decoder = (mark: JsonObject) => unknown;

/** The value that {@link encode} wrote; `decoder` says what its marks stand for. */
export function decode(json: Json, decoder: Decoder): unknown {
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map((inner) => decode(inner, decoder));
  const object = json as JsonObject;
  const mark = markOf(object);
  if (mark === "$none") return undefined;
  if (mark === "$number") return ODD_NUMBERS.get(String(object.$number));
  if (mark !== undefined) return decoder(object);
  return Object.fromEntries(
    Object.entries(object).map(([key, inner]) => [
      key.startsWith("$") ? key.slice(1) : key,
      decode(inner, decoder),
    ]),
  );
}

/** The key that makes an object a mark, such as `$column`; undefined for an object of the value. */
export function markOf(object: JsonObject): string | undefined {
  return Object.keys(object).find((key) => key.startsWith("$") && !key.startsWith("$$"));
}

/** Calls `visit` with every mark in a JSON value that stands for something outside of it. */
export function eachMark(json: Json, visit: (mark: JsonObject) => void): void {
  if (json === null || typeof json !== "object") return;
  if (Array.isArray(json)) {
    for (const inner of json) eachMark(inner, visit);
    return;
  }
  const mark = markOf(json as JsonObject);
  if (mark === undefined) { for (const inner of Object.values(json)) eachMark(inner, visit); }
  else if (mark !== "$number" && mark !== "$none") visit(json as JsonObject);
}
