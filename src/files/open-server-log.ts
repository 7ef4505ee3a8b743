import { InputError } from "../errors/input-error.ts";
import {
  readServerLog,
  type ServerLog,
  type ServerLogOptions,
} from "../fidelity/fit/server-log.ts";

/**
 * Reads a server's log from a file of any size (plain, .gz or .zst) without holding it in memory.
 *
 * @param name what the log is called in errors and reports
 * @default path
 */
export async function openServerLog(
  path: string,
  name: string = path,
  options: ServerLogOptions = {},
): Promise<ServerLog> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
    if ((await file.stat()).isDirectory) throw new Error("it is a folder");
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : (error as Error).message;
    throw new InputError({ file: name, expected: `a file that can be read: ${why}` });
  }
  return await readServerLog(file.readable, name, options);
}
