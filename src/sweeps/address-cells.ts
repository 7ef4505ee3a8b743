import { sortedKeys } from "../collections/sorted-keys.ts";
import { sha256 } from "../files/sha256.ts";
import { type CellParts, type CellSpec, objectName, type SweepCell } from "./cell.ts";
import { codeVersion } from "./code-version.ts";
import { type Column, encode, type Encoder, type Json, type JsonObject, markOf } from "./encode.ts";
import type { Grid, GridCell } from "./grid.ts";
import { addedMember } from "../registry/registry.ts";
import { moduleKey, moduleMark } from "./module-mark.ts";

/** Options of {@link addressCells}. */
export interface AddressOptions {
  /** Version of the code that simulates. @default a digest of the source files, see `codeVersion` */
  readonly codeVersion?: string;
}

/** A value as JSON and what its marks stand for. */
interface Encoded extends CellParts {
  readonly json: Json;
  /** SHA-256 of the canonical form. */
  readonly digest: string;
}

const digestOf = (json: unknown): Promise<string> => sha256(JSON.stringify(sortedKeys(json)));

/** What identifies a value: where a module lies on this machine is not part of it. */
function identityOf(json: Json): Json {
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map(identityOf);
  const object = json as JsonObject;
  if (markOf(object) === "$module" && object.digest !== null) {
    return { $module: object.digest, export: object.export };
  }
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, identityOf(inner)]));
}

/** Encodes the values of one sweep: what two cells share is looked at once. */
class SweepEncoder {
  readonly #digests = new Map<Column, Promise<string>>();
  readonly #encoded = new Map<unknown, Promise<Encoded>>();
  readonly #objects = new Map<object, number>();

  /** Encodes an object that several cells may share. */
  shared(value: object): Promise<Encoded> {
    let encoded = this.#encoded.get(value);
    if (encoded === undefined) this.#encoded.set(value, encoded = this.encode(value));
    return encoded;
  }

  async encode(value: unknown): Promise<Encoded> {
    const marks: { readonly mark: { $column: string }; readonly values: Column }[] = [];
    const modules = new Map<string, object>();
    const objects = new Map<number, object>();
    const json = encode(
      value,
      {
        column(values) {
          const mark = { $column: "", type: values.constructor.name };
          marks.push({ mark, values });
          return mark;
        },
        module(definition, module) {
          const mark = moduleMark(module);
          modules.set(moduleKey(mark), definition);
          return mark;
        },
        object: (object) => {
          const number = this.#numberOf(object);
          objects.set(number, object);
          return { $object: number, name: objectName(object) };
        },
      } satisfies Encoder,
    ) ?? null;
    eachText(json, (text) => {
      const member = addedMember(text);
      if (member !== null) objects.set(this.#numberOf(member), member);
    });
    const columns = new Map<string, Column>();
    for (const { mark, values } of marks) {
      mark.$column = await this.#digest(values);
      columns.set(mark.$column, values);
    }
    return { json, digest: await digestOf(identityOf(json)), columns, modules, objects };
  }

  #digest(values: Column): Promise<string> {
    let digest = this.#digests.get(values);
    if (digest === undefined) {
      const { buffer, byteOffset, byteLength } = values;
      const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
      this.#digests.set(values, digest = sha256(bytes));
    }
    return digest;
  }

  #numberOf(object: object): number {
    let number = this.#objects.get(object);
    if (number === undefined) this.#objects.set(object, number = this.#objects.size);
    return number;
  }
}

/** Calls `visit` with every text in a JSON value: any may be the name of a definition. */
function eachText(json: Json, visit: (text: string) => void): void {
  if (typeof json === "string") visit(json);
  else if (typeof json === "object" && json !== null) {
    for (const inner of Object.values(json)) eachText(inner, visit);
  }
}

function joined<K, V>(...maps: readonly ReadonlyMap<K, V>[]): ReadonlyMap<K, V> {
  const filled = maps.filter((map) => map.size > 0);
  return filled.length === 1 ? filled[0] : new Map(filled.flatMap((map) => [...map]));
}

async function addressCell(
  { workload, options, labels, summary = {}, keep = false }: GridCell,
  { values, version }: { readonly values: SweepEncoder; readonly version: string },
): Promise<SweepCell> {
  const [source, how, what] = [
    await values.shared(workload),
    await values.encode(options),
    await values.shared(summary),
  ];
  const spec: CellSpec = { workload: source.json, options: how.json, summary: what.json };
  const parts: CellParts = {
    columns: joined(source.columns, how.columns),
    modules: joined(source.modules, how.modules),
    objects: joined(source.objects, how.objects, what.objects),
  };
  const identity = [version, source.digest, how.digest, what.digest];
  const key = parts.objects.size > 0 ? null : (await digestOf(identity)).slice(0, 32);
  return { key, spec, workload: source.digest, labels, keep, parts };
}

/**
 * The cells of a grid with their specs and keys, in order. Cells of equal specs have equal keys, on
 * every machine: neither the order of properties nor where a module lies plays a part.
 */
export async function addressCells(
  { cells }: Grid,
  options: AddressOptions = {},
): Promise<SweepCell[]> {
  const values = new SweepEncoder();
  const version = options.codeVersion ?? codeVersion();
  const addressed: SweepCell[] = [];
  for (const cell of cells) addressed.push(await addressCell(cell, { values, version }));
  return addressed;
}
