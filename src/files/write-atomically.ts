import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Writes a file whole or not at all: into a file of its own beside it, which then takes its name.
 * Whoever reads the path meets the old content or the new, never half of it, and a failure leaves
 * the old content where it was and nothing beside it. Makes the folder where it is missing.
 *
 * @param content bytes, or a text that is written as UTF-8
 */
export async function writeAtomically(
  path: string | URL,
  content: Uint8Array | string,
): Promise<void> {
  const target = path instanceof URL ? fileURLToPath(path) : path;
  // The name is of this call alone, so that two writers at once do not write into each other.
  const partial = `${target}.${crypto.randomUUID()}.partial`;
  await Deno.mkdir(dirname(target), { recursive: true });
  try {
    await writeThrough(partial, content);
    await Deno.rename(partial, target);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}

/** Writes and waits for the disk: after a power failure the name must not stand for nothing. */
async function writeThrough(path: string, content: Uint8Array | string): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  using file = await Deno.open(path, { write: true, createNew: true });
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}
