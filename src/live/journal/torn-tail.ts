import { Entry } from "./entry.ts";
import { isStartOfJsonObject } from "./json-start.ts";
import { decodeLine, splitLine } from "./line.ts";

/**
 * What stands behind the whole lines of a journal:
 * - `half`: the beginning of a line as a journal writes it. The process died while it wrote.
 * - `hole`: a write of which a power failure took parts away, which reads as NUL bytes, and nothing
 *   that was written later.
 * Neither had been acted on, if the disk did what it was asked to do.
 */
export type TornTail = "half" | "hole";

const [NUL, NEWLINE] = [0x00, 0x0a];
const STARTS = Entry.options.flatMap(({ shape: { kind } }) =>
  ("values" in kind ? [...kind.values] : kind.options).map((each) => `{"kind":"${each}","at":`)
);
// deno-lint-ignore no-control-regex -- a journal's lines have none of them
const CONTROL = /[\u0001-\u0009\u000b-\u001f]/;

const textOf = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** Whether a text is how a line of a journal begins, the first one, the header, left aside. */
export function beginsAsLine(text: string): boolean {
  const start = STARTS.find((each) => each.startsWith(text) || text.startsWith(each));
  return start !== undefined && (text.length <= start.length || isStartOfJsonObject(text));
}

/**
 * What the bytes behind the last whole line of a journal are; null where they can't be what an
 * interrupted write leaves. Then they may be a damage of lines that were acted on, or not ours.
 *
 * @param offset bytes of the file ahead of them
 */
export function tornTail(tail: Uint8Array, offset: number): TornTail | null {
  if (!tail.includes(NUL)) {
    return !tail.includes(NEWLINE) && beginsAsLine(startOf(tail)) ? "half" : null;
  }
  return holesEndWithSectors(tail, offset) && isTornWrite(tail) ? "hole" : null;
}

/** The smallest piece that a disk writes or does not. */
const SECTOR = 512;

/** Whether each run of NULs goes on to the end of a sector or of the file, as what was lost does. */
function holesEndWithSectors(tail: Uint8Array, offset: number): boolean {
  for (let at = 0; at + 1 < tail.length; at++) {
    if (tail[at] === NUL && tail[at + 1] !== NUL && (offset + at + 1) % SECTOR !== 0) return false;
  }
  return true;
}

/** A beginning as text, without the bytes of a letter that is cut. */
function startOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
}

/** Whether bytes with NULs among them can be the rest of one write. */
function isTornWrite(tail: Uint8Array): boolean {
  if (CONTROL.test(textOf(tail))) return false;
  const first = tail.subarray(0, tail.indexOf(NUL));
  if (first.includes(NEWLINE) || first.length > 0 && !beginsAsLine(startOf(first))) return false;
  /** Checksum of the line before where that is whole; null behind a hole. */
  let before: number | null = null;
  for (let at = 0; at < tail.length;) {
    const end = tail.indexOf(NEWLINE, at);
    const line = tail.subarray(at, end < 0 ? tail.length : end);
    if (line.includes(NUL)) before = null;
    else if (end >= 0 || !beginsAsLine(startOf(line))) {
      const found = splitLine(textOf(line));
      // A line of a later write: what is damaged had been written, and acted on, before that.
      if (found === null || found.after < at) return false;
      if (before !== null && decodeLine(textOf(line), before) === null) return false;
      before = found.sum;
    }
    if (end < 0) break;
    at = end + 1;
  }
  return true;
}
