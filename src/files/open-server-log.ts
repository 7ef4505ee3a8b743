import {
  readServerLog,
  type ServerLog,
  type ServerLogOptions,
} from "../fidelity/fit/server-log.ts";
import { unpacked } from "../workload/readers/parsing/unpack.ts";
import { fileChunks } from "./file-chunks.ts";

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
  return await readServerLog(unpacked(await fileChunks(path, name), name), name, options);
}
