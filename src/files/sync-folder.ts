import { dirname, resolve } from "node:path";
import process from "node:process";

/** What systems and file systems say that have no way to wait for a folder. */
const NOT_OFFERED = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EBADF"]);

/**
 * Waits until the names in a folder are on the disk. Without it a power failure can take a new file
 * away whose content had long been written. Does nothing on Windows and on file systems that do not
 * offer it. Throws what the system says of any other failure.
 */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  using folder = Deno.openSync(path);
  try {
    folder.syncSync();
  } catch (error) {
    if (!NOT_OFFERED.has((error as { code?: string }).code ?? "")) throw error;
  }
}

/**
 * Makes a folder, and those above it that are missing.
 * @returns the folders that hold a new name by that, the outermost first: none if it was there. For
 * {@link syncFolder}, where the new folder must outlive a power failure.
 */
export function makeFolder(path: string): string[] {
  const changed: string[] = [];
  for (let at = resolve(path); !isThere(at); at = dirname(at)) {
    if (dirname(at) === at) break;
    changed.unshift(dirname(at));
  }
  Deno.mkdirSync(path, { recursive: true });
  return changed;
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // A file where a folder should be, a folder that may not be looked into: making it says so.
    return true;
  }
}
