import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { Entry, Header } from "./entry.ts";
import { decodeLine } from "./line.ts";
import { type TornTail, tornTail } from "./torn-tail.ts";

/** A journal as far as it was written. */
export interface JournalContent {
  readonly header: Header;
  readonly entries: readonly Entry[];
  /** Bytes of the lines that are whole. */
  readonly wholeBytes: number;
  /** Bytes read, with what is behind the whole lines. */
  readonly bytes: number;
  /** What is behind the whole lines; null where nothing is. */
  readonly tail: TornTail | null;
  /** Whether the last line lacks nothing but its line end. */
  readonly unended: boolean;
  /** Checksum that the next line goes on from. */
  readonly sum: number;
}

const [NUL, NEWLINE] = [0x00, 0x0a];

/**
 * Reads a journal. A last line that is cut was being written when the process died: it was not acted
 * on, and is left out; so is a last write that a power failure tore (see `tornTail`). Anything else
 * that is not what was written (a changed byte, a lost or doubled line, something foreign at the end)
 * is refused with an InputError that names the row, because going on from there could send an answered
 * request again.
 *
 * @param file name for messages
 * @returns null where not even the first line is whole
 */
export function readJournal(bytes: Uint8Array, file: string): JournalContent | null {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const values: unknown[] = [];
  let sum = 0;
  let wholeBytes = 0;
  let unended = false;
  while (wholeBytes < bytes.length && !unended) {
    const found = bytes.indexOf(NEWLINE, wholeBytes);
    const line = bytes.subarray(wholeBytes, found < 0 ? bytes.length : found);
    let decoded = decodeLine(decoder.decode(line), sum);
    let length = line.length;
    unended = found < 0;
    if (decoded === null && line.includes(NUL)) {
      // A power failure may have taken its line end.
      length = line.indexOf(NUL);
      decoded = decodeLine(decoder.decode(line.subarray(0, length)), sum);
      unended = true;
    }
    if (decoded === null) {
      unended = false;
      break;
    }
    ({ sum } = decoded);
    values.push(decoded.value);
    wholeBytes += length + (unended ? 0 : 1);
  }
  const rest = bytes.subarray(wholeBytes);
  if (values.length === 0 && !rest.includes(NEWLINE)) return null;
  const tail = rest.length === 0 ? null : values.length === 0 ? null : tornTail(rest, wholeBytes);
  if (rest.length > 0 && tail === null) throw damaged(rest, file, { values, wholeBytes });
  const [first, ...others] = values;
  return {
    header: parseWith(Header, first, `${file}, row 1`),
    entries: others.map((value, i) => parseWith(Entry, value, `${file}, row ${i + 2}`)),
    wholeBytes,
    bytes: bytes.length,
    tail,
    unended,
    sum,
  };
}

/** Says of what stands behind the whole lines that it is not what was written. */
function damaged(
  rest: Uint8Array,
  file: string,
  { values, wholeBytes }: { readonly values: readonly unknown[]; readonly wholeBytes: number },
): InputError {
  const end = rest.indexOf(NEWLINE);
  const value = new TextDecoder().decode(rest.subarray(0, end < 0 ? undefined : end));
  const what = value.endsWith("\r")
    ? "line ends as they were written (\\n): the file's were converted"
    : end < 0
    ? "the beginning of a line of this journal, or nothing, behind its last whole line"
    : "an undamaged line; its checksum does not match its content";
  const wayOut = values.length === 0
    ? "Nothing was changed. If it isn't the journal of this run, choose another --out"
    : "Nothing was changed. The lines before it are whole: to go on from them, keep a copy of the " +
      `file and cut it after ${wholeBytes} bytes; what ended later is then sent again`;
  return new InputError({
    file,
    row: values.length + 1,
    value,
    expected: `${what}. ${wayOut}`,
  });
}
