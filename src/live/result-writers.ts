import { InputError } from "../errors/input-error.ts";
import type { Run } from "../runs/run.ts";

/** What a {@link ResultWriter} is told besides the run. */
export interface ResultContext {
  /** Unix seconds at which the run's clock was 0. */
  readonly epochSeconds: number;
}

/** Makes the text of one more result file of a live run that has ended. */
export type ResultWriter = (run: Run, context: ResultContext) => string;

/** Further result files by their names, for example `{ "waits.csv": (run) => … }`. */
export type ResultWriters = Readonly<Record<string, ResultWriter>>;

/** Files that a live run writes itself, besides those of what it saw, one or two a session. */
const OWN_FILES = ["journal.jsonl", "run.json", "queue_depth.csv", "requests.csv"];
const TELEMETRY = /^(?:server_)?telemetry/;
const FILE_NAME = /^[\w-][\w.-]*$/;

/**
 * Refuses what is no writer, a name that is not that of a file in the run's own folder, and a name
 * that two files would have, where upper and lower case are one too. Throws an InputError.
 */
export function checkWriters(writers: ResultWriters): void {
  const taken = new Set(OWN_FILES);
  const problems = Object.entries(writers).flatMap(([name, writer]) => {
    const refuse = (value: unknown, expected: string) => [
      { file: "live options", field: `writers.${name}`, value, expected },
    ];
    if (typeof writer !== "function") {
      return refuse(writer, "a function that makes the file's text of a run");
    }
    if (!FILE_NAME.test(name)) {
      return refuse(name, "the name of a file: letters, digits, -, _ and . within");
    }
    const place = name.toLowerCase();
    if (taken.has(place) || TELEMETRY.test(place)) {
      const others = [...taken, "telemetry….csv", "server_telemetry….csv"].join(", ");
      return refuse(name, `a name that is free: there will be ${others}`);
    }
    taken.add(place);
    return [];
  });
  if (problems.length > 0) throw new InputError(problems);
}
