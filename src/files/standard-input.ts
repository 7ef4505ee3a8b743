/** What standard input is called where a file is asked for: `-`, and the system's own names for it. */
const NAMES = new Set(["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]);

/** How standard input is called in messages. */
export const STANDARD_INPUT = "standard input";

/** Whether a path means standard input. Deno opens the system's names for it with all rights only. */
export function isStandardInput(path: string | URL): boolean {
  return typeof path === "string" && NAMES.has(path);
}
