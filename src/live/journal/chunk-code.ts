import type { ChunkTimes } from "../client/chunk-times.ts";
import type { CodedChunks } from "./entry.ts";

/** Non-negative integers below 2³² as LEB128 (seven bits a byte, the lowest first), in base64. */
function encodeInts(values: Iterable<number>): string {
  const bytes: number[] = [];
  for (let value of values) {
    while (value >= 0x80) {
      bytes.push(value & 0x7f | 0x80);
      value = Math.floor(value / 0x80);
    }
    bytes.push(value);
  }
  return Uint8Array.from(bytes).toBase64();
}

function decodeInts(text: string): number[] {
  const values: number[] = [];
  let value = 0;
  let unit = 1;
  for (const byte of Uint8Array.fromBase64(text)) {
    value += (byte & 0x7f) * unit;
    unit *= 0x80;
    if (byte >= 0x80) continue;
    values.push(value);
    value = 0;
    unit = 1;
  }
  return values;
}

/** Runs of equal values as pairs (value, how often). */
function* runs(values: ArrayLike<number>): Generator<number> {
  for (let from = 0; from < values.length;) {
    let to = from + 1;
    while (to < values.length && values[to] === values[from]) to++;
    yield values[from];
    yield to - from;
    from = to;
  }
}

function unrun(pairs: readonly number[]): number[] {
  const values: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    for (let k = 0; k < pairs[i + 1]; k++) values.push(pairs[i]);
  }
  return values;
}

/** The events of a stream for a journal: about 2.7 bytes an event. */
export function encodeChunks({ size, first, gaps, kinds, tokens }: ChunkTimes): CodedChunks {
  return {
    size,
    first,
    gaps: encodeInts(gaps),
    kinds: encodeInts(runs(kinds)),
    tokens: tokens === null ? null : encodeInts(runs(tokens)),
  };
}

/** What {@link encodeChunks} was given. */
export function decodeChunks({ size, first, gaps, kinds, tokens }: CodedChunks): ChunkTimes {
  return {
    size,
    first,
    gaps: Uint32Array.from(decodeInts(gaps)),
    kinds: Uint8Array.from(unrun(decodeInts(kinds))),
    tokens: tokens === null ? null : Int32Array.from(unrun(decodeInts(tokens))),
  };
}
