import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inWordsAsync } from "./environment-error.ts";
import { InputError } from "../errors/input-error.ts";
import { makeFolder, syncFolder } from "./sync-folder.ts";

/** What is written: bytes, or a text, whole or in pieces, that is written as UTF-8. */
export type Content = Uint8Array | string | Iterable<string>;

/** Options of {@link writeAtomically}. */
export interface WriteOptions {
  /**
   * What happens to another content that is there: it is replaced, or nothing is written and an
   * InputError says so. The same content is no reason to refuse.
   * @default "replace"
   */
  readonly existing?: "replace" | "refuse";
  /** What a person can do where it is refused. @default another place */
  readonly wayOut?: string;
}

/**
 * Writes a file whole or not at all: into a file of its own beside it, which then takes its name.
 * Whoever reads the path meets the old content or the new, never half of it, and a failure leaves
 * the old content where it was and nothing beside it. Makes the folder where it is missing. When it
 * resolves, content and name outlive a power failure.
 *
 * A symbolic link stays, and what it leads to is written. What is no ordinary file (a device, a pipe, a
 * folder) is never replaced: that, and whatever else the machine refuses, is an EnvironmentError that
 * names the path.
 *
 * A process that is interrupted in the middle leaves the half beside; see {@link removePartials}.
 */
export async function writeAtomically(
  path: string | URL,
  content: Content,
  { existing = "replace", wayOut = "choose another path, or move it away" }: WriteOptions = {},
): Promise<void> {
  const named = path instanceof URL ? fileURLToPath(path) : path;
  await inWordsAsync({ path: named, verb: "write" }, async () => {
    const { target, there } = await targetOf(named);
    // The name is of this call alone, so that two writers at once do not write into each other.
    const partial = `${target}.${crypto.randomUUID()}.partial`;
    const changed = [...makeFolder(dirname(target)), dirname(target)];
    partials.add(partial);
    try {
      await writeThrough(partial, content);
      if (existing === "refuse" && there) {
        if (!await sameContent(partial, target)) {
          throw new InputError({ file: named, expected: `no file of other content; ${wayOut}` });
        }
      }
      await Deno.rename(partial, target);
    } catch (error) {
      await Deno.remove(partial).catch(() => {});
      throw error;
    } finally {
      partials.delete(partial);
    }
    for (const folder of changed.reverse()) syncFolder(folder);
  });
}

/** The file that a path leads to, and whether it is there. */
async function targetOf(path: string): Promise<{ target: string; there: boolean }> {
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isDirectory) throw new Deno.errors.IsADirectory(`a folder: open '${path}'`);
    if (isFile) return { target: await Deno.realPath(path), there: true };
    throw Object.assign(new Error(`no ordinary file: open '${path}'`), { code: "ENOTFILE" });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    // A link to what is not there yet leads to where it is made.
    const link = await Deno.readLink(path).catch(() => null);
    return link === null
      ? { target: path, there: false }
      : await targetOf(resolve(dirname(path), link));
  }
}

/** Files of writes that have not ended. */
const partials = new Set<string>();

/** Removes what writes that have not ended have written so far: for a process that must end now. */
export function removePartials(): void {
  for (const partial of partials) {
    try {
      Deno.removeSync(partial);
    } catch {
      // It has its own name by now, or was never made.
    }
  }
}

/** Writes and waits for the disk: after a power failure the name must not stand for nothing. */
async function writeThrough(path: string, content: Content): Promise<void> {
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  const encoder = new TextEncoder();
  using file = await Deno.open(path, { write: true, createNew: true });
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? encoder.encode(piece) : piece;
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  }
  await file.sync();
}

const COMPARED_BYTES = 1 << 20;

/** Whether two files hold the same bytes. */
async function sameContent(a: string, b: string): Promise<boolean> {
  using first = await Deno.open(a);
  using second = await Deno.open(b);
  if ((await first.stat()).size !== (await second.stat()).size) return false;
  const [left, right] = [new Uint8Array(COMPARED_BYTES), new Uint8Array(COMPARED_BYTES)];
  for (;;) {
    const [here, there] = [await fill(first, left), await fill(second, right)];
    if (here !== there) return false;
    if (here === 0) return true;
    for (let i = 0; i < here; i++) if (left[i] !== right[i]) return false;
  }
}

/** Reads until the buffer is full or the file is over. */
async function fill(file: Deno.FsFile, buffer: Uint8Array): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const count = await file.read(buffer.subarray(length));
    if (count === null) break;
    length += count;
  }
  return length;
}
