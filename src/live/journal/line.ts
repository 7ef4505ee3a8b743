import { crc32 } from "node:zlib";

const SUM = /,"sum":"([0-9a-f]{8})"\}$/;

function hex(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}

/** Bytes of the same write ahead of a line, its last field before the checksum. */
const AFTER = /,"after":([1-9]\d*)$/;

/** One line of a journal and the checksum that the next one goes on from. */
export interface Line {
  readonly text: string;
  readonly sum: number;
}

/** A line that was read. */
export interface ReadLine {
  /** The entry, as JSON has it. */
  readonly value: unknown;
  /** The checksum that the next line goes on from. */
  readonly sum: number;
  /** Bytes that were written ahead of the line in one write with it. */
  readonly after: number;
}

/**
 * An entry as a line of JSON without its line end. Its last field is a CRC-32 over all lines up to
 * and including this one, so that a changed, lost, doubled or moved line is found.
 *
 * @param before the checksum of the line before; 0 for the first
 * @param after bytes that are written ahead of it in one write with it. With that a reader knows of
 * what is behind a damage whether it was written with what is damaged, or when that was on the disk.
 */
export function encodeLine(entry: object, before: number, after = 0): Line {
  const more = after === 0 ? "" : `,"after":${after}`;
  const body = JSON.stringify(entry).slice(0, -1) + more;
  const sum = crc32(body, before);
  return { text: `${body},"sum":"${hex(sum)}"}`, sum };
}

/** What a line says; null where the line is not what was written. */
export function decodeLine(text: string, before: number): ReadLine | null {
  const found = splitLine(text);
  if (found === null) return null;
  const sum = crc32(found.body, before);
  if (sum !== found.sum) return null;
  // A line with the right checksum is one that we wrote.
  return { value: JSON.parse(`${found.entry}}`), sum, after: found.after };
}

/** A line taken apart, its checksum not looked at; null where it has none. */
export function splitLine(text: string): {
  /** What the checksum is over. */
  readonly body: string;
  /** The entry's JSON without its closing brace. */
  readonly entry: string;
  readonly sum: number;
  readonly after: number;
} | null {
  const found = SUM.exec(text);
  if (found === null) return null;
  const body = text.slice(0, found.index);
  const after = AFTER.exec(body);
  return {
    body,
    entry: after === null ? body : body.slice(0, after.index),
    sum: parseInt(found[1], 16),
    after: after === null ? 0 : Number(after[1]),
  };
}
