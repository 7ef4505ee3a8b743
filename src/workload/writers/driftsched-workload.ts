import { parseWith } from "../../errors/parse-with.ts";
import { columnLines, defined } from "../file/column-lines.ts";
import { encodeColumn } from "../file/json-column.ts";
import { encodeRequests } from "../file/requests-file.ts";
import { WORKLOAD_FORMAT, WORKLOAD_VERSION, WorkloadFile } from "../file/workload-file.ts";
import type { Workload } from "../workload.ts";
import type { TraceWriter } from "./trace-writer.ts";

/** Our own file of a workload: every column, exactly. See {@link WorkloadFile}. */
export const driftschedWorkloadWriter: TraceWriter = {
  name: "driftsched-workload",
  title: "DriftSched workload",
  extension: ".workload.json",
  write: ({ workload, measured, unserved }) => ({
    chunks: [writeWorkload(workload)],
    lost: [
      ...workload.requests.promptText ? ["text of prompts: it is made again from the seed"] : [],
      ...measured ? ["measured times: they belong to a run, write driftsched-run"] : [],
      ...unserved
        ? [
          `requests without an answer: ${unserved.requests.size}; they belong to a run, write ` +
          "driftsched-run",
        ]
        : [],
    ],
  }),
};

/**
 * A workload as the text of its own file, `*.workload.json`. Reading it back gives the same workload
 * to the bit, except for the prompts' text. Same workload, same bytes.
 *
 * Throws an InputError where the provenance holds what JSON cannot keep (NaN, a function, a typed
 * array), so that nothing is lost in silence.
 */
export function writeWorkload({ name, requests, truth, provenance }: Workload): string {
  const file = parseWith(WorkloadFile, {
    format: WORKLOAD_FORMAT,
    version: WORKLOAD_VERSION,
    name,
    size: requests.size,
    provenance: defined(provenance),
    phases: requests.phases,
    requests: encodeRequests(requests),
    truth: {
      outputTokens: encodeColumn(truth.outputTokens),
      outputWords: truth.outputWords && encodeColumn(truth.outputWords),
    },
  }, "workload to write");
  return columnLines(file, [file.requests, file.truth]);
}
