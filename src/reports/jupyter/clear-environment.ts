import { join } from "node:path";

/** What venv, uv, pip and this program make in an environment; a new set-up makes them again. */
const MADE = new Set([
  ...["bin", "include", "lib", "lib64", "share", "etc", "Scripts", "Include", "Lib"],
  ...["pyvenv.cfg", ".gitignore", ".lock", "CACHEDIR.TAG", "package.json", "driftsched.stamp"],
]);

/**
 * Takes away what a set-up of an environment makes, so that it can be made anew. Everything else that
 * lies there stays: Jupyter's own settings, and what somebody has put there.
 */
export async function clearEnvironment(directory: string): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(directory), ({ name }) => name);
  for (const name of names) {
    if (MADE.has(name)) await Deno.remove(join(directory, name), { recursive: true });
  }
}
