import * as z from "zod";
import { parseWith } from "../../../errors/parse-with.ts";
import { ColumnReader } from "../../file/column-reader.ts";
import { checkSize, decodeRequests } from "../../file/requests-file.ts";
import { WorkloadFile } from "../../file/workload-file.ts";
import { phaseEnd, type Requests, type Truth, type Workload } from "../../workload.ts";
import { labelColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { parseJson } from "../../../errors/parse-json.ts";
import type { TraceFormat } from "../trace-format.ts";
import { wholeReader } from "../parsing/whole-reader.ts";

/** What every row of a workload has; the file has it by column, with what else there is. */
export const DriftschedWorkloadRow = z.object({
  arrival: secondsColumn("arrival since the start of its phase"),
  tenant: labelColumn("tenant"),
  tier: labelColumn("tier"),
  category: labelColumn("job type"),
  maxTokens: tokensColumn("cap sent with the request"),
  promptTokens: tokensColumn("length of the prompt"),
  outputTokens: tokensColumn("length of the answer"),
});

/**
 * Our own file of a workload, see {@link WorkloadFile}: every column, exactly. It is whole or it is
 * damaged: a file with anything wrong is refused, in lenient mode too. What was read is what was
 * written, its name and provenance included.
 */
export const driftschedWorkload: TraceFormat = {
  name: "driftsched-workload",
  title: "DriftSched workload",
  row: DriftschedWorkloadRow,
  recognise: ({ text }) =>
    /^\s*\{\s*"format"\s*:\s*"driftsched workload"/.test(text)
      ? 'JSON object whose format is "driftsched workload"'
      : undefined,
  reader: ({ log, lenient }) =>
    wholeReader(log, (text) => {
      const workload = parseWorkload(text, log.source);
      for (let row = 0; row < workload.requests.size; row++) log.keep();
      return { workload, report: log.finish({ lenient }) };
    }),
};

/**
 * The workload in the text of our own file. Throws an InputError that names `file`, the column, the
 * row (1 is the first request), the value and what was expected; the first 20 problems.
 *
 * @param file name of the file, for messages
 */
export function parseWorkload(text: string, file: string): Workload {
  const stored = parseWith(WorkloadFile, parseJson(text, file), file);
  checkSize(stored, file);
  const reader = new ColumnReader(file, stored.size);
  const counts = (values: readonly unknown[], field: string) =>
    reader.column(values, `truth.${field}`, {
      type: "int32",
      least: field === "outputWords" ? 0 : 1,
    });
  const requests: Requests = {
    ...decodeRequests(reader, stored.requests),
    phases: reader.phases(stored.phases),
  };
  const { outputTokens, outputWords } = stored.truth;
  const truth: Truth = {
    outputTokens: counts(outputTokens, "outputTokens"),
    ...outputWords && { outputWords: counts(outputWords, "outputWords") },
  };
  if (reader.problems.length === 0) checkRows(reader, requests, truth);
  return reader.finish({ name: stored.name, requests, truth, provenance: stored.provenance });
}

/** What holds between the columns of a row, and between rows. */
function checkRows(reader: ColumnReader, requests: Requests, { outputTokens }: Truth): void {
  const { arrival, maxTokens, phases, promptTokens } = requests;
  phases.forEach(({ first }, phase) => {
    for (let row = first; row < phaseEnd(requests, phase); row++) {
      const before = row === first ? 0 : arrival[row - 1];
      if (!(arrival[row] >= before && arrival[row] < Infinity)) {
        const expected = row === first ? "a time from 0" : `a time not before ${before}`;
        reader.refuse("requests.arrival", { row, value: arrival[row], expected });
      }
      if (promptTokens[row] < 1) {
        reader.refuse("requests.promptTokens", { row, value: 0, expected: "at least 1" });
      }
      if (outputTokens[row] > maxTokens[row]) {
        const expected = `at most max tokens, ${maxTokens[row]}`;
        reader.refuse("truth.outputTokens", { row, value: outputTokens[row], expected });
      }
    }
  });
}
