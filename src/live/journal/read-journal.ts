import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { Entry, Header } from "./entry.ts";
import { decodeLine } from "./line.ts";

/** A journal as far as it was written. */
export interface JournalContent {
  readonly header: Header;
  readonly entries: readonly Entry[];
  /** Bytes of the lines that are whole; what is behind them was being written when it ended. */
  readonly wholeBytes: number;
  /** Bytes read, with the half line at the end. */
  readonly bytes: number;
  /** Checksum that the next line goes on from. */
  readonly sum: number;
}

const NEWLINE = 0x0a;

/**
 * Reads a journal. A last line without its line end was being written when the process died: it was
 * not acted on, and is left out. Anything else that is not what was written (a changed byte, a lost
 * or doubled line) is refused with an InputError that names the row, because going on from there
 * could send an answered request again.
 *
 * @param file name for messages
 * @returns null where not even the first line is whole: nothing has happened yet
 */
export function readJournal(bytes: Uint8Array, file: string): JournalContent | null {
  const wholeBytes = bytes.lastIndexOf(NEWLINE) + 1;
  if (wholeBytes === 0) return null;
  const lines = new TextDecoder().decode(bytes.subarray(0, wholeBytes - 1)).split("\n");
  let sum = 0;
  const values = lines.map((line, i) => {
    const decoded = decodeLine(line, sum);
    if (decoded === null) {
      throw new InputError({
        file,
        row: i + 1,
        value: line,
        expected: "an undamaged line; its checksum does not match its content",
      });
    }
    sum = decoded.sum;
    return decoded.value;
  });
  const [first, ...rest] = values;
  return {
    header: parseWith(Header, first, `${file}, row 1`),
    entries: rest.map((value, i) => parseWith(Entry, value, `${file}, row ${i + 2}`)),
    wholeBytes,
    bytes: bytes.length,
    sum,
  };
}
