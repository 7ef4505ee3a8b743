import { join } from "node:path";

/** TypeScript files below a folder, by their paths from it with `/`, sorted; none that begin with a dot. */
export function sourcesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sourcesBelow(join(folder, name)).map((path) => `${name}/${path}`);
    return name.endsWith(".ts") && !name.startsWith(".") ? [name] : [];
  }).sort();
}
