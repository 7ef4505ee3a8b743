import { sha256 } from "./sha256.ts";

/** Relative imports and exports of a module, static and dynamic; too many do no harm. */
const RELATIVE = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

const SOURCE = new URL("../", import.meta.url).href;

/**
 * SHA-256 of a module's text and of all that it imports by relative paths, the workbench's own `src/`
 * left out. The same on every machine: addresses do not enter, only how files lie to each other.
 */
export async function moduleDigest(url: URL, text: string): Promise<string> {
  const seen = new Map<string, string>();
  const visit = async (at: URL, content: string): Promise<void> => {
    seen.set(at.href, await sha256(content));
    for (const [, path] of content.matchAll(RELATIVE)) {
      const next = new URL(path, at);
      if (seen.has(next.href) || next.href.startsWith(SOURCE)) continue;
      await visit(next, await Deno.readTextFile(next));
    }
  };
  await visit(url, text);
  if (seen.size === 1) return seen.get(url.href)!;
  const start = url.pathname.split("/");
  const files = [...seen].map(([href, digest]) => `${relative(start, new URL(href))} ${digest}`);
  return await sha256(files.sort().join("\n"));
}

/** Path of a file from the folder of another one. */
function relative(start: readonly string[], to: URL): string {
  const path = to.pathname.split("/");
  let common = 0;
  while (common < start.length - 1 && start[common] === path[common]) common++;
  return [...start.slice(common + 1).map(() => ".."), ...path.slice(common)].join("/");
}
