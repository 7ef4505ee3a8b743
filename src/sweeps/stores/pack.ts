import { sha256 } from "../../files/sha256.ts";
import { type Column, decode, encode, type Json } from "../encode.ts";

/**
 * A value of columns as bytes: a header of 128 bytes (format, SHA-256 of the rest, length of the JSON),
 * the JSON, then every typed array in little-endian order, each at a multiple of eight bytes. Numbers
 * are kept to the bit.
 */
export async function pack(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const columns: Column[] = [];
  const packed = encode(value, {
    column: (values) => ({ $column: columns.push(values) - 1 }),
    module: refuse,
    object: refuse,
  });
  const layout = columns.map((values) => [values.constructor.name, values.length]);
  const json = new TextEncoder().encode(JSON.stringify({ value: packed, layout }));
  const size = columns.reduce(
    (bytes, { byteLength }) => bytes + aligned(byteLength),
    HEADER + aligned(json.length),
  );
  const file = new Uint8Array(size);
  file.set(json, HEADER);
  let at = HEADER + aligned(json.length);
  for (const { buffer, byteOffset, byteLength } of columns) {
    file.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += aligned(byteLength);
  }
  const header = `${FORMAT} ${await sha256(file.subarray(HEADER))} ${json.length}\n`;
  file.set(new TextEncoder().encode(header), 0);
  return file;
}

/**
 * The value of {@link pack}; null for bytes that are not one of its, or not all of it. Columns are
 * views of `file`, which has to begin at the start of its buffer.
 */
export async function unpack(file: Uint8Array<ArrayBuffer>): Promise<unknown | null> {
  if (file.byteOffset !== 0 || file.length < HEADER) return null;
  const [header] = new TextDecoder().decode(file.subarray(0, HEADER)).split("\n", 1);
  const [format, digest, length] = header.split(" ");
  if (format !== FORMAT || digest !== await sha256(file.subarray(HEADER))) return null;
  const json = new TextDecoder().decode(file.subarray(HEADER, HEADER + Number(length)));
  const { value, layout } = JSON.parse(json) as {
    readonly value: Json;
    readonly layout: readonly (readonly [keyof typeof TYPES, number])[];
  };
  let at = HEADER + aligned(Number(length));
  const columns = layout.map(([type, n]) => {
    const column = new TYPES[type](file.buffer, at, n);
    at += aligned(column.byteLength);
    return column;
  });
  return decode(value, (mark) => columns[Number(mark.$column)]);
}

const FORMAT = "driftsched-result-1";
const HEADER = 128;
const TYPES = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
};

const aligned = (bytes: number) => Math.ceil(bytes / 8) * 8;

function refuse(): never {
  throw new TypeError("Cannot write a result that holds functions");
}
