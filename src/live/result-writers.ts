import { environmentErrorOf } from "../files/environment-error.ts";
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

/** Names of what a run saw of its servers and GPUs, whichever of its processes wrote them. */
const TELEMETRY_FILE = /^(?:server_)?telemetry(?:-\d+)?\.csv$/;

/**
 * Refuses a folder without a journal that holds files of the names that a run writes: they are of
 * another run, or somebody's own, and would be replaced. Throws an InputError.
 */
export function refuseForeignResults(folder: string, writers: ResultWriters): void {
  const ours = new Set([...OWN_FILES, ...Object.keys(writers)]);
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw environmentErrorOf(error, { path: folder, verb: "look into" }) ?? error;
  }
  if (names.includes(OWN_FILES[0])) return;
  const taken = names.filter((name) => ours.has(name) || TELEMETRY_FILE.test(name)).sort();
  if (taken.length === 0) return;
  throw new InputError({
    file: folder,
    value: taken.join(", "),
    expected:
      `a folder that holds no such files, or the run's own ${OWN_FILES[0]} beside them: the ` +
      "run would replace them. Move them away, or choose another --out",
  });
}
