import { InputError } from "../errors/input-error.ts";
import { isStandardInput, STANDARD_INPUT } from "./standard-input.ts";

/** Options of {@link openInput}. */
export interface OpenInputOptions {
  /** What the file is called in errors. */
  readonly name: string;
  /** Told once when the input keeps us waiting. @default a line on standard error */
  readonly onWait?: (text: string) => void;
  /** Seconds without a byte after which that is told. @default 2 */
  readonly noticeSeconds?: number;
  /** Seconds for which a named pipe may be without a writer. @default 60 */
  readonly writerSeconds?: number;
}

/** What can be read from, and is closed. */
export interface OpenInput {
  read(into: Uint8Array): Promise<number | null>;
  close(): void;
}

/**
 * Opens a file, a named pipe or standard input (`-`) to be read. A pipe that keeps us waiting is told,
 * so that nobody takes a wait for work. Standard input is waited for until it ends: a program before it
 * in a pipeline may be at work. Throws an InputError for a named pipe that nobody writes to, else what
 * the system says.
 */
export async function openInput(path: string | URL, options: OpenInputOptions): Promise<OpenInput> {
  const {
    name,
    onWait = (text) => console.error(text),
    noticeSeconds = 2,
    writerSeconds = 60,
  } = options;
  if (isStandardInput(path)) {
    return watched(Deno.stdin, {
      seconds: noticeSeconds,
      onWait: () => onWait(`Waiting for ${STANDARD_INPUT}; Ctrl-D ends it, Ctrl-C gives up`),
    });
  }
  // A pipe is opened when its other end is, which may be never.
  if (!(await Deno.stat(path)).isFifo) return await Deno.open(path);
  const opening = Deno.open(path);
  const said = `Waiting for a program that writes to ${name}; Ctrl-C gives up`;
  const notice = setTimeout(() => onWait(said), 1000 * noticeSeconds);
  let limit: ReturnType<typeof setTimeout> | undefined;
  try {
    const file = await Promise.race([
      opening,
      new Promise<null>((resolve) => {
        limit = setTimeout(() => resolve(null), 1000 * writerSeconds);
      }),
    ]);
    if (file !== null) {
      return watched(file, { seconds: noticeSeconds, onWait: () => onWait(said) });
    }
  } finally {
    clearTimeout(notice);
    clearTimeout(limit);
  }
  opening.then((file) => file.close(), () => {});
  throw new InputError({
    file: name,
    expected: `a program that writes to this named pipe within ${writerSeconds} s; start it first`,
  });
}

/** Tells once when the first bytes keep us waiting. */
function watched(
  input: OpenInput,
  { seconds, onWait }: { readonly seconds: number; readonly onWait: () => void },
): OpenInput {
  let first = true;
  return {
    async read(into) {
      if (!first) return await input.read(into);
      first = false;
      const notice = setTimeout(onWait, 1000 * seconds);
      try {
        return await input.read(into);
      } finally {
        clearTimeout(notice);
      }
    },
    close: () => input.close(),
  };
}
