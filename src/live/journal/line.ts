import { crc32 } from "node:zlib";

const SUM = /,"sum":"([0-9a-f]{8})"\}$/;

function hex(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}

/** One line of a journal and the checksum that the next one goes on from. */
export interface Line {
  readonly text: string;
  readonly sum: number;
}

/**
 * An entry as a line of JSON without its line end. Its last field is a CRC-32 over all lines up to
 * and including this one, so that a changed, lost, doubled or moved line is found.
 *
 * @param before the checksum of the line before; 0 for the first
 */
export function encodeLine(entry: object, before: number): Line {
  const body = JSON.stringify(entry).slice(0, -1);
  const sum = crc32(body, before);
  return { text: `${body},"sum":"${hex(sum)}"}`, sum };
}

/** The value and the checksum of a line; null where the line is not what was written. */
export function decodeLine(
  text: string,
  before: number,
): { readonly value: unknown; readonly sum: number } | null {
  const found = SUM.exec(text);
  if (found === null) return null;
  const body = text.slice(0, found.index);
  const sum = crc32(body, before);
  if (hex(sum) !== found[1]) return null;
  // A line with the right checksum is one that we wrote.
  return { value: JSON.parse(`${body}}`), sum };
}
