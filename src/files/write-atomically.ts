import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Writes a file whole or not at all: into a file of its own beside it, which then takes its name.
 * Whoever reads the path meets the old content or the new, never half of it, and a failure leaves
 * the old content where it was and nothing beside it. Makes the folder where it is missing.
 *
 * A process that is interrupted in the middle leaves the half beside; see {@link removePartials}.
 *
 * @param content bytes, or a text (whole or in pieces) that is written as UTF-8
 */
export async function writeAtomically(
  path: string | URL,
  content: Uint8Array | string | Iterable<string>,
): Promise<void> {
  const target = path instanceof URL ? fileURLToPath(path) : path;
  // The name is of this call alone, so that two writers at once do not write into each other.
  const partial = `${target}.${crypto.randomUUID()}.partial`;
  await Deno.mkdir(dirname(target), { recursive: true });
  partials.add(partial);
  try {
    await writeThrough(partial, content);
    await Deno.rename(partial, target);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  } finally {
    partials.delete(partial);
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
async function writeThrough(
  path: string,
  content: Uint8Array | string | Iterable<string>,
): Promise<void> {
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  const encoder = new TextEncoder();
  using file = await Deno.open(path, { write: true, createNew: true });
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? encoder.encode(piece) : piece;
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  }
  await file.sync();
}
