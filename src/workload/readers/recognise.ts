import { InputError } from "../../errors/input-error.ts";
import type { KnownFile } from "./known-file.ts";
import { proposeMap } from "./map/guess/propose-map.ts";
import type { Head } from "./parsing/head.ts";
import type { TraceFormat } from "./trace-format.ts";
import { UNREADABLE_FILES } from "./unreadable-files.ts";

const DESCRIBED = "it holds no requests; `deno task trace describe` prints what it holds";

/** A format, and why a file is of it. */
export interface Recognised {
  readonly format: TraceFormat;
  readonly reason: string;
}

/** What a file can be. */
export interface RecogniseOptions {
  readonly formats: readonly TraceFormat[];
  /** Kinds of files without requests, besides {@link UNREADABLE_FILES}. */
  readonly known?: readonly KnownFile[];
}

/**
 * The format of a file by its head, and why. Throws an InputError where several claim it, which names
 * them, and where none does: it says what the file is where that is known, and what to read instead, or
 * how the columns of a table could be mapped.
 *
 * @param source path or name of the file, for errors
 */
export function recognise(
  head: Head,
  source: string,
  { formats, known = [] }: RecogniseOptions,
): Recognised {
  const claims = formats.flatMap((format) => {
    const reason = format.recognise(head);
    return reason === undefined ? [] : [{ format, reason }];
  });
  if (claims.length === 1) return claims[0];
  const [value] = head.text.split("\n", 1);
  const refuse = (expected: string): never => {
    throw new InputError({ file: source, row: 1, value, expected });
  };
  if (claims.length > 1) {
    const names = claims.map(({ format, reason }) => `${format.name} (${reason})`).join(" or ");
    return refuse(`one format, to be named: ${names} claim it`);
  }
  for (const { title, recognise, instead = DESCRIBED } of [...UNREADABLE_FILES, ...known]) {
    const reason = recognise(head);
    if (reason === undefined) continue;
    throw new InputError({
      file: source,
      expected: `a file with requests: this is ${title} (${reason}); ${instead}`,
    });
  }
  return refuse(
    `a trace in a known format (${formats.map(({ name }) => name).join(", ")}): name one if it is` +
      proposeMap(head),
  );
}
