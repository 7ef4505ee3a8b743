import { InputError, type InputProblem } from "../../errors/input-error.ts";
import type { ReadTrace, TraceFormat, Unserved } from "../../workload/readers/trace-format.ts";
import { DriftschedWorkloadRow } from "../../workload/readers/formats/driftsched-workload.ts";
import { instantsOutOfOrder } from "../../workload/readers/parsing/instant-order.ts";
import { wholeReader } from "../../workload/readers/parsing/whole-reader.ts";
import type { TraceWriter } from "../../workload/writers/trace-writer.ts";
import { keepRows } from "../../workload/transforms/keep-rows.ts";
import { refusePhases } from "../../workload/transforms/one-phase.ts";
import { phaseEnd } from "../../workload/workload.ts";
import { measuredRun } from "../measured-run.ts";
import { readRunJson } from "../read-run-json.ts";
import { type Run, STATUSES } from "../run.ts";
import { writeRunJson } from "../run-json.ts";
import { workloadOfRun } from "../workload-of-run.ts";

const MOST_PROBLEMS = 20;
const COMPLETED = STATUSES.indexOf("completed");

/**
 * Our own file of a run, read as what arrived: its completed requests are the workload, with their
 * measured (or simulated) times; the others are `unserved`, where the run has one phase. What a
 * gateway believed and learned is in `readRunJson` alone. A file with anything wrong is refused whole, and
 * so is one with a completed request whose instants are out of order; `readRunJson` takes any run.
 */
export const driftschedRun: TraceFormat = {
  name: "driftsched-run",
  title: "DriftSched run",
  row: DriftschedWorkloadRow,
  recognise: ({ text }) =>
    /^\s*\{\s*"format"\s*:\s*"driftsched run"/.test(text)
      ? 'JSON object whose format is "driftsched run"'
      : undefined,
  reader: ({ log, lenient }) =>
    wholeReader(log, (text) => {
      const run = readRunJson(text, log.source);
      assertServable(run, log.source);
      for (let row = 0; row < run.size; row++) {
        if (isServed(run, row)) log.keep();
        else log.setAside(`requests that were ${STATUSES[run.status[row]]}, without an answer`);
      }
      const report = log.finish({ lenient });
      return { ...traceOfRun(run), report };
    }),
};

/** Writes a trace with its measured times as a run, see `measuredRun`. */
export const driftschedRunWriter: TraceWriter = {
  name: "driftsched-run",
  title: "DriftSched run",
  extension: ".run.json",
  write(trace) {
    const { requests, truth } = trace.workload;
    refusePhases(
      trace.workload,
      "driftsched-run",
      "a run knows when each began, a workload does not",
    );
    return {
      chunks: [writeRunJson(measuredRun(trace))],
      lost: [
        ...requests.promptText ? ["text of prompts: it is made again from the seed"] : [],
        ...truth.outputWords ? ["words of answers: lengths are tokens"] : [],
        ...trace.measured?.durations
          ? [`durations: ${Object.keys(trace.measured.durations).join(", ")}`]
          : [],
      ],
    };
  },
};

function isServed({ status, outputTokens }: Run, row: number): boolean {
  return status[row] === COMPLETED && outputTokens[row] > 0;
}

const INSTANTS = {
  arrival: "columns.arrival",
  sent: "columns.start",
  firstToken: "columns.firstToken",
  finish: "columns.finish",
};

/** Refuses a file whose completed requests could not be served again, or were served out of order. */
function assertServable(run: Run, file: string): void {
  const { arrival, promptTokens, phases } = run.requests;
  const problems: InputProblem[] = [];
  phases.forEach(({ first }, phase) => {
    let latest = 0;
    for (let row = first; row < phaseEnd(run.requests, phase); row++) {
      if (!isServed(run, row)) continue;
      if (!(arrival[row] >= latest && arrival[row] < Infinity)) {
        const expected = `a time not before ${latest}`;
        problems.push({
          file,
          row: row + 1,
          field: "requests.arrival",
          value: arrival[row],
          expected,
        });
      } else latest = arrival[row];
      if (promptTokens[row] < 1) {
        const expected = "at least 1 where it was completed";
        problems.push({ file, row: row + 1, field: "requests.promptTokens", value: 0, expected });
      }
      const wrong = instantsOutOfOrder({
        arrival: run.arrival[row],
        sent: run.start[row],
        firstToken: run.firstToken[row],
        finish: run.finish[row],
      }, INSTANTS);
      if (wrong !== undefined) problems.push({ ...wrong, file, row: row + 1 });
    }
  });
  if (problems.length > 0) throw new InputError(problems.slice(0, MOST_PROBLEMS));
}

function traceOfRun(run: Run): Omit<ReadTrace, "report"> {
  const rows = run.status.keys().toArray();
  const served = rows.filter((row) => isServed(run, row));
  const others = rows.filter((row) => !isServed(run, row));
  const { requests } = run;
  // A phase's clock begins after the run's: arrivals are on the phase's, all else on the run's.
  const began = new Float64Array(run.size);
  requests.phases.forEach(({ first }, phase) =>
    began.fill(run.phaseStart[phase], first, phaseEnd(requests, phase))
  );
  const on = (times: Float64Array, of: readonly number[]) =>
    Float64Array.from(of, (row) => times[row] - began[row]);
  return {
    workload: workloadOfRun(run),
    measured: {
      sent: on(run.start, served),
      firstToken: on(run.firstToken, served),
      finish: on(run.finish, served),
    },
    ...others.length > 0 && requests.phases.length === 1 && {
      unserved: unservedOf(run, others, on(run.finish, others)),
    },
  };
}

function unservedOf(run: Run, others: readonly number[], finish: Float64Array): Unserved {
  const workload = {
    name: "",
    requests: run.requests,
    truth: { outputTokens: run.outputTokens },
    provenance: run.provenance.workload,
  };
  const left = new Set(others);
  const { requests } = keepRows(workload, (row) => left.has(row), () => "");
  const names = STATUSES.map((name) => name === "completed" ? "failed" : name);
  return {
    requests,
    status: { codes: Uint8Array.from(others, (row) => run.status[row]), names },
    finish,
  };
}
