/**
 * Imports the modules named on the command line one after the other and writes one line of JSON for
 * each: `{ module, error? }`.
 */
import { writeFiles } from "./fixtures.ts";

const PATIENCE_MS = 30_000;
const write = (line: unknown) =>
  Deno.stdout.writeSync(new TextEncoder().encode(`\n${JSON.stringify(line)}\n`));

await writeFiles();
for (const module of Deno.args) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([import(new URL(module, "file:///").href), late]);
    write({ module });
  } catch (error) {
    write({ module, error: error instanceof Error ? error.message : String(error) });
  } finally {
    clearTimeout(timer);
  }
}
// What examples leave open, such as a twin that nobody stops.
Deno.exit(0);
