import { dirname } from "node:path";

/**
 * Writes a file so that readers see either its old content or all of the new: beside it as
 * `*.partial`, then renamed. Makes the folder where it is missing.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.${Deno.pid}.partial`;
  await Deno.mkdir(dirname(path), { recursive: true });
  try {
    if (typeof content === "string") await Deno.writeTextFile(partial, content);
    else await Deno.writeFile(partial, content);
    await Deno.rename(partial, path);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}
