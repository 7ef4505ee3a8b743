import { parseArgs } from "node:util";
import { InputError } from "../../errors/input-error.ts";
import { type ParameterValues, parseAssignments } from "../parameters.ts";

export const REPORT_USAGE = `Usage: deno task report [notebook…] [-p name=value…] [--json]

Executes notebooks top to bottom in fresh Deno kernels, writes their figures and one HTML report
each, prints the verdicts on the claims and the paths of the reports.

  notebook             path of a notebook or its name; without any, all of notebooks/
  -p, --parameter N=V  sets parameter N to V (JSON, else text) in the notebooks that have it;
                       may be repeated
  --timeout SECONDS    the longest that one cell may take (300)
  --json               prints {reports, figures, claims, failures} as JSON and nothing else
  -h, --help           prints this

Environment: DRIFTSCHED_FIGURES  folder for figures and reports (figures/)
Exit code: 0, or 1 when a cell failed or the input was refused, or 130 when interrupted`;

export interface ReportArguments {
  /** Paths or names as given; empty means all. */
  readonly notebooks: readonly string[];
  readonly parameters: ParameterValues;
  /** Most seconds that one cell may take; absent means the runner's default. */
  readonly timeoutSeconds?: number;
  readonly json: boolean;
  readonly help: boolean;
}

function refuse(field: string, value: unknown, expected: string): never {
  throw new InputError({ file: "command line", field, value, expected });
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  const valid = text.trim() !== "" && Number.isFinite(seconds) && seconds > 0;
  return valid ? seconds : refuse("--timeout", text, "a number of seconds > 0");
}

/** Reads the command line of the report task; throws an {@link InputError} for what it is not. */
export function parseReportArguments(args: readonly string[]): ReportArguments {
  const options = {
    parameter: { type: "string", short: "p", multiple: true },
    timeout: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  const parsed = (() => {
    try {
      return parseArgs({ args: [...args], options, allowPositionals: true });
    } catch (error) {
      const [reason] = (error as Error).message.split(". ");
      return refuse("arguments", args.join(" "), `known options, see --help (${reason})`);
    }
  })();
  const { values, positionals } = parsed;
  return {
    notebooks: positionals,
    parameters: parseAssignments(values.parameter ?? []),
    timeoutSeconds: values.timeout === undefined ? undefined : secondsOf(values.timeout),
    json: values.json ?? false,
    help: values.help ?? false,
  };
}
