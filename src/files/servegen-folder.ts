import { join } from "node:path";
import { InputError } from "../errors/input-error.ts";
import { readBytes } from "./read-bytes.ts";

const TRACE = /^chunk-(\d+)-trace\.csv$/;
const HEADER = "client_id,window_start_s,rate_rps,cv,arrival_pattern,param1,param2";

/** All clients of a folder as one trace. */
export interface ServeGenFolder {
  /** Rates of all clients, with a header and the client's number in front. */
  readonly input: string;
  readonly companions: { readonly histograms: Uint8Array };
}

/**
 * Puts ServeGen's files as published, `chunk-N-trace.csv` and `chunk-N-dataset.json` for each client N
 * of a folder, together. Throws an InputError for a folder that holds none.
 */
export async function serveGenFolder(folder: string): Promise<ServeGenFolder> {
  const clients: number[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const [, client] = TRACE.exec(name) ?? [];
    if (client !== undefined) clients.push(Number(client));
  }
  if (clients.length === 0) {
    throw new InputError({
      file: folder,
      expected: "a file, or a folder with ServeGen's chunk-N-trace.csv of at least one client",
    });
  }
  clients.sort((a, b) => a - b);
  const textOf = async (name: string) =>
    new TextDecoder().decode(await readBytes(join(folder, name)));
  const rates = await Promise.all(clients.map(async (client) => {
    const lines = (await textOf(`chunk-${client}-trace.csv`)).split(/\r\n?|\n/);
    return lines.filter((line) => line !== "").map((line) => `${client},${line}\n`).join("");
  }));
  const histograms = await Promise.all(
    clients.map(async (client) =>
      `${JSON.stringify(String(client))}: ${await textOf(`chunk-${client}-dataset.json`)}`
    ),
  );
  return {
    input: `${HEADER}\n${rates.join("")}`,
    companions: { histograms: new TextEncoder().encode(`{${histograms.join(", ")}}`) },
  };
}
