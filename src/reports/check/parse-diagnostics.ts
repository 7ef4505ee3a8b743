/** One finding of `deno check`. */
export interface Diagnostic {
  /** `TS2322`; absent for errors outside the type checker, such as a missing module. */
  readonly code?: string;
  readonly message: string;
  /** URL of the file. */
  readonly url: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

const BLOCK = /\n\n(?=TS\d+ \[ERROR\]: )/;
const HEAD = /^(?:(TS\d+) \[ERROR\]|error): ([\s\S]*)$/m;
const PLACE = /^ {4}at (\S+):(\d+):(\d+)$/m;

/** The message of a block without its code frame: the lines before one that only underlines. */
function messageOf(text: string): string {
  const [before] = text.split(PLACE);
  const lines = before.trimEnd().split("\n");
  const underline = lines.findIndex((line) => /^\s*~+\s*$/.test(line));
  const end = underline > 0 ? underline - 1 : lines.length;
  return lines.slice(0, end).map((line) => line.trim()).join(" ").trim();
}

/** Reads what `deno check` prints with `NO_COLOR` set; places of related notes are left out. */
export function parseDiagnostics(output: string): Diagnostic[] {
  return output.split(BLOCK).flatMap((block) => {
    const [, code, rest] = HEAD.exec(block) ?? [];
    const [, url, line, column] = PLACE.exec(rest ?? "") ?? [];
    if (url === undefined) return [];
    const message = messageOf(rest);
    return [{ code, message, url, line: Number(line), column: Number(column) }];
  });
}
