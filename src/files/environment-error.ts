import { escapeControls } from "../errors/escape-controls.ts";

/**
 * The machine did not let us do something: the disk is full, a folder is read-only, memory is used
 * up. The message is one sentence with the path, the cause and a way out. Tasks print it and exit
 * with 1.
 */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";

  /**
   * @param path what could not be used; undefined where the system does not say
   * @param code the system's own name of the cause, `ENOSPC`
   */
  constructor(
    message: string,
    readonly path: string | undefined,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a cause is in words, and what a person can do about it. */
const CAUSES: Readonly<Record<string, readonly [cause: string, wayOut: string]>> = {
  ENOSPC: ["the disk is full", "free some space there, or choose another place"],
  EDQUOT: ["the disk quota of this user is used up", "free some space, or choose another place"],
  EFBIG: ["the file is larger than the system allows", "choose another disk, or raise ulimit -f"],
  EROFS: ["the file system is read-only", "choose another place"],
  EACCES: ["this user has no permission", "change the permissions, or choose another place"],
  EPERM: ["the system does not permit it", "change the permissions, or choose another place"],
  EISDIR: ["it is a folder, not a file", "name a file"],
  ENOTFILE: ["it is no ordinary file", "name an ordinary file"],
  ENOTDIR: ["a part of the path is a file, not a folder", "choose another path"],
  EEXIST: ["something else has that name", "choose another name, or move it away"],
  ENOENT: ["there is no such file or folder", "check the path"],
  ENAMETOOLONG: ["the name is too long", "choose a shorter one"],
  ELOOP: ["its symbolic links lead in a circle", "choose another path"],
  ENOTEMPTY: ["there is a folder of that name, with files in it", "choose another name"],
  EBUSY: ["it is in use", "close the program that uses it, or choose another path"],
  ETXTBSY: ["it is a program that runs", "choose another path"],
  EIO: ["the disk failed to read or write", "look at the system's log, or choose another disk"],
  ENXIO: ["nothing is behind this device or pipe", "choose another path"],
  ENODEV: ["nothing is behind this device", "choose another path"],
  ESTALE: ["the network drive has lost it", "mount the drive again"],
  EXDEV: ["the two paths lie on different disks", "choose a path on the same disk"],
  EMFILE: ["this process has too many files open", "raise the limit (ulimit -n)"],
  ENFILE: ["the system has too many files open", "close other programs"],
  ENOMEM: ["there is not enough memory", "ask for less, or close other programs"],
  ENOLCK: ["this file system has no locks to give", "choose a place on a local disk"],
  EPIPE: ["whoever read it has closed it", "keep the reader open"],
  EAGAIN: ["the system lacks processes or memory for it", "close other programs, then try again"],
  EADDRINUSE: ["another program listens there", "choose another port, or end that program"],
  EADDRNOTAVAIL: ["this machine has no such address", "choose an address of this machine"],
};

/** Errors of Deno that may come without a code of the system. */
const CODES: Readonly<Record<string, string>> = {
  NotFound: "ENOENT",
  PermissionDenied: "EACCES",
  AlreadyExists: "EEXIST",
  IsADirectory: "EISDIR",
  NotADirectory: "ENOTDIR",
  FilesystemLoop: "ELOOP",
  BrokenPipe: "EPIPE",
  Busy: "EBUSY",
  AddrInUse: "EADDRINUSE",
  AddrNotAvailable: "EADDRNOTAVAIL",
};

/** `No such file or directory (os error 2): open 'a'`, `ENOENT: …, open 'a'`: the path at the end. */
const PATH = /[:,] \w+ '(.*?)'(?: -> '(.*)')?$/s;
/** What JavaScript says where an array or a text is too large to be made. */
const TOO_LARGE =
  /^(?:Invalid (?:typed )?array length|Array buffer allocation failed|Invalid string length|Array length must be)/;

/** What was being done, for the message. */
export interface Doing {
  /** The path as the user knows it. @default as the system's own message has it */
  readonly path?: string;
  /** What could not be done, `write`. @default use */
  readonly verb?: string;
  /** What a person can do. @default by the cause */
  readonly wayOut?: string;
}

/**
 * An {@link EnvironmentError} that says what a failure of the machine is: an error of `Deno.errors` or
 * of Node with the system's code, a missing permission of Deno, or memory that could not be had. Null
 * for any other error, and for one that is a sentence already.
 */
export function environmentErrorOf(error: unknown, doing: Doing = {}): EnvironmentError | null {
  if (!(error instanceof Error) || error instanceof EnvironmentError) return null;
  if (error instanceof RangeError) return tooLarge(error, doing);
  const { verb = "use" } = doing;
  const code = (error as { code?: unknown }).code ?? CODES[error.name];
  const path = doing.path ?? PATH.exec(error.message)?.[1];
  const make = (cause: string, wayOut: string, code: string) => {
    const place = path === undefined ? "a file" : path === "" ? `""` : path;
    const text = `can't ${verb} ${place}: ${cause} (${code}); ${doing.wayOut ?? wayOut}`;
    return new EnvironmentError(escapeControls(text), path, code, { cause: error });
  };
  if (error.name === "NotCapable") {
    const needed = /^Requires (.+), run again with the (--[\w-]+)/.exec(error.message);
    if (needed === null) return null;
    const text = `Deno was started without ${needed[1]}; start it with ${needed[2]}`;
    return new EnvironmentError(escapeControls(text), path, error.name, { cause: error });
  }
  if (typeof code !== "string") return null;
  if (code === "EINVAL" && /NUL byte/i.test(error.message)) {
    return make("there is a NUL byte in its name", "choose another name", code);
  }
  const known = CAUSES[code];
  return known === undefined ? null : make(...known, code);
}

/** Why the machine did not let us do something, in words: `it is a folder, not a file`. */
export function causeInWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code ?? CODES[error.name];
  return typeof code === "string" ? CAUSES[code]?.[0] ?? error.message : error.message;
}

function tooLarge(error: RangeError, { path, wayOut }: Doing): EnvironmentError | null {
  if (!TOO_LARGE.test(error.message)) return null;
  const text = `${path === undefined ? "" : `${path}: `}more was asked for than fits into memory (${
    error.message.replace(/:.*$/s, "")
  }); ${wayOut ?? "ask for less: fewer requests, smaller files or numbers"}`;
  return new EnvironmentError(escapeControls(text), path, "ENOMEM", { cause: error });
}

/** Does something, and throws what fails in it as {@link environmentErrorOf} says it. */
export function inWords<T>(doing: Doing, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw environmentErrorOf(error, doing) ?? error;
  }
}

/** {@link inWords} for what takes time. */
export async function inWordsAsync<T>(doing: Doing, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw environmentErrorOf(error, doing) ?? error;
  }
}
