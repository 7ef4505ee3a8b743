import { InputError } from "../errors/input-error.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { writeQueueDepthCsv } from "../runs/queue-depth-csv.ts";
import type { Run } from "../runs/run.ts";
import { writeRunJson } from "../runs/run-json.ts";
import type { JournaledGateway } from "./journaled-gateway.ts";
import { writeRequestsCsv } from "./requests-csv.ts";
import type { ResultWriters } from "./result-writers.ts";

/** Name of the journal in a run's folder. */
export const JOURNAL_FILE = "journal.jsonl";

/**
 * Writes the files of a run that has ended into `folder`, each whole or not at all: `run.json` (reads
 * back as a Run), `queue_depth.csv`, `requests.csv` with all that was measured, then those of
 * `writers`. Returns their paths.
 */
export async function writeResults(
  folder: string,
  run: Run,
  { gateway, writers, ...of }: {
    readonly gateway: JournaledGateway;
    readonly chat: boolean;
    readonly servers: readonly string[];
    /** Further files by name, see `checkWriters`. */
    readonly writers: ResultWriters;
  },
): Promise<string[]> {
  const paths: string[] = [];
  const write = async (name: string, text: string) => {
    const path = `${folder}/${name}`;
    await writeAtomically(path, text);
    paths.push(path);
  };
  // The run's own files first: nothing that a further writer does can lose them.
  await write("run.json", writeRunJson(run));
  await write("queue_depth.csv", writeQueueDepthCsv(run));
  await write("requests.csv", writeRequestsCsv(gateway, of));
  for (const [name, writer] of Object.entries(writers)) {
    const text: unknown = writer(run, { epochSeconds: gateway.epochSeconds });
    if (typeof text !== "string") {
      throw new InputError({
        file: "live options",
        field: `writers.${name}`,
        value: text,
        expected: "a function that returns the file's text",
      });
    }
    await write(name, text);
  }
  return paths;
}
