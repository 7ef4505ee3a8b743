import { writeAtomically } from "../files/write-atomically.ts";
import { writeMetricsCsv } from "../paper/metrics/metrics-csv.ts";
import { writeQueueDepthCsv } from "../runs/queue-depth-csv.ts";
import type { Run } from "../runs/run.ts";
import { writeRunJson } from "../runs/run-json.ts";
import { runMetrics } from "../paper/metrics/run-metrics.ts";
import type { JournaledGateway } from "./journaled-gateway.ts";
import { writeRequestsCsv } from "./requests-csv.ts";

/** Name of the journal in a run's folder. */
export const JOURNAL_FILE = "journal.jsonl";

/**
 * Writes the files of a run that has ended into `folder`, each whole or not at all: `run.json` (reads
 * back as a Run), the reference's `metrics.csv` and `queue_depth.csv`, and `requests.csv` with all
 * that was measured. Returns their paths.
 */
export async function writeResults(
  folder: string,
  run: Run,
  { gateway, ...of }: {
    readonly gateway: JournaledGateway;
    readonly chat: boolean;
    readonly servers: readonly string[];
  },
): Promise<string[]> {
  const files = {
    "run.json": writeRunJson(run),
    "metrics.csv": writeMetricsCsv(runMetrics(run, { epochSeconds: gateway.epochSeconds })),
    "queue_depth.csv": writeQueueDepthCsv(run),
    "requests.csv": writeRequestsCsv(gateway, of),
  };
  const paths: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = `${folder}/${name}`;
    await writeAtomically(path, text);
    paths.push(path);
  }
  return paths;
}
