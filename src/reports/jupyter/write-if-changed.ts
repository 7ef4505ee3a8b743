import { dirname } from "node:path";

/** Writes a text file, its folders too, beside and then renamed; not at all where it is the same. */
export async function writeIfChanged(path: string, text: string): Promise<void> {
  if (await Deno.readTextFile(path).catch(() => null) === text) return;
  await Deno.mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${Deno.pid}.partial`;
  await Deno.writeTextFile(beside, text);
  await Deno.rename(beside, path);
}
