import { InputError } from "../errors/input-error.ts";
import { parseJson } from "../errors/parse-json.ts";
import { parseWith } from "../errors/parse-with.ts";
import { ServerFile } from "../servers/costs/server-file.ts";
import { type Premise, premisesOf } from "../servers/describe-sized-server.ts";
import { type Server, serverOf } from "../servers/server.ts";
import { sizeServer } from "../servers/sized-server.ts";
import { decodeText } from "../workload/readers/parsing/decode-text.ts";
import { readBytes } from "./read-bytes.ts";

/** A simulated server, and what its numbers rest on. */
export interface OpenedServer {
  readonly server: Server;
  /** Empty for a server file: that says for itself what it was fitted to. */
  readonly premises: readonly Premise[];
}

/**
 * The simulated server that a short text names: a model on a card, `Qwen3-1.7B:L4`, of those that are
 * bundled, or a server file (`.json`), as `deno task fit` writes it.
 *
 * Throws an InputError for a text that is neither, and for a file that is no server file.
 *
 * @param name relative paths start from the working directory
 * @example
 * const { server, premises } = await data.openServer("Qwen3-1.7B:L4");
 */
export async function openServer(name: string, file = "server"): Promise<OpenedServer> {
  if (name.endsWith(".json")) {
    const text = decodeText(await readBytes(name), name);
    return { server: serverOf(parseWith(ServerFile, parseJson(text, name), name)), premises: [] };
  }
  const [, model, gpu] = /^(.+):([^:]+)$/s.exec(name) ?? [];
  if (model === undefined) {
    const expected = "MODEL:GPU, such as Qwen3-1.7B:L4, or the path of a server file (.json)";
    throw new InputError({ file, field: "server", value: name, expected });
  }
  const sized = sizeServer({ model, gpu }, file);
  return { server: serverOf(sized.server), premises: premisesOf(sized) };
}
