import { inWords } from "../../files/environment-error.ts";
import { InputError } from "../../errors/input-error.ts";
import { DISK, type Disk, type DiskFile } from "./disk.ts";
import type { Header } from "./entry.ts";
import { hold, Journal, quietly, syncNames, type SyncPolicy } from "./journal.ts";
import { encodeLine } from "./line.ts";
import { type JournalContent, readJournal } from "./read-journal.ts";

/** Options of {@link openJournal}. */
export interface OpenJournalOptions {
  /** Whether the run that is there is gone on with. */
  readonly resume: boolean;
  readonly sync: SyncPolicy;
  /** @default the disk of this machine */
  readonly disk?: Disk;
  /**
   * Given what a journal holds that is to be gone on with. What it throws refuses the journal, which
   * then stays as it is.
   */
  readonly accept: (content: JournalContent) => void;
}

/** A journal that is open, and what was done to it. */
export interface OpenedJournal {
  readonly journal: Journal;
  /** What was cut off and where it is kept; null where nothing was that could be worth a look. */
  readonly notice: string | null;
}

/**
 * Opens the journal of a run, new or to be gone on with. Destroys nothing but what is provably the
 * beginning of something that a journal of this run writes and had not acted on:
 * - a file without a whole line is begun again if it is a beginning of the header that this run
 *   writes, byte for byte;
 * - behind whole lines, the beginning of a line is cut off;
 * - so are the remains of a write that a power failure tore. They are kept in a file beside.
 *
 * Anything else is refused with an InputError, and the file stays untouched.
 */
export function openJournal(
  path: string,
  header: Header,
  { resume, sync, disk = DISK, accept }: OpenJournalOptions,
): OpenedJournal {
  const file = resume ? inWords({ path, verb: "open the journal" }, () => disk.open(path)) : null;
  if (file === null) return { journal: Journal.create(path, header, { sync, disk }), notice: null };
  try {
    hold(file, path);
    const bytes = inWords({ path, verb: "read the journal" }, () => file.read());
    const content = readJournal(bytes, path);
    if (content === null) {
      assertTornHeader(bytes, header, path);
      if (sync !== "never") syncNames(path, disk);
      return { journal: Journal.over(path, file, sync, { header }), notice: null };
    }
    accept(content);
    const notice = content.tail === "hole"
      ? keepBeside(bytes.subarray(content.wholeBytes), path, { at: content.wholeBytes, sync, disk })
      : null;
    if (sync !== "never") syncNames(path, disk);
    return { journal: Journal.over(path, file, sync, { content }), notice };
  } catch (error) {
    quietly(() => file.close());
    throw error;
  }
}

/** Refuses a file without a whole line that this run can't have begun. */
function assertTornHeader(bytes: Uint8Array, header: Header, file: string): void {
  const whole = new TextEncoder().encode(`${encodeLine(header, 0).text}\n`);
  const same = bytes.length <= whole.length && bytes.every((byte, i) => byte === whole[i]);
  if (same) return;
  throw new InputError({
    file,
    row: 1,
    value: new TextDecoder().decode(bytes.subarray(0, 200)),
    expected: "the journal of this run: the file holds no line that ends in \\n, and is no " +
      "beginning of this run's header. Nothing was changed. If its line ends were converted, bring " +
      "the original back; if it isn't a journal, move it away or choose another --out",
  });
}

/** Keeps bytes that are cut off a journal; returns a sentence that says so. */
function keepBeside(
  bytes: Uint8Array,
  path: string,
  { at, sync, disk }: { readonly at: number; readonly sync: SyncPolicy; readonly disk: Disk },
): string {
  const beside = `${path}.cut-at-${at}-${crypto.randomUUID().slice(0, 8)}`;
  inWords({ path: beside, verb: "keep what is cut off the journal" }, () => {
    const file: DiskFile = disk.create(beside);
    try {
      for (let from = 0; from < bytes.length;) from += file.write(bytes.subarray(from));
      if (sync !== "never") file.sync();
    } finally {
      file.close();
    }
  });
  return `a power failure had torn the last write of ${path}: its ${bytes.length} bytes were cut ` +
    `off, and are kept in ${beside}`;
}
