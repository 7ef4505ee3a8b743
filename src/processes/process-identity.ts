/** A process, told apart from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in the system's own words; null where the system does not say. */
  readonly started: string | null;
}

/** The identity of a process that lives; null: there is none with this number. */
export function identityOf(pid: number): ProcessIdentity | null {
  if (Deno.build.os !== "linux") return isAlive(pid) ? { pid, started: null } : null;
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The name stands in brackets and may hold anything; the 20th field behind it is the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended and waits to be asked how.
    return fields[0] === "Z" ? null : { pid, started: fields[19] };
  } catch {
    return null;
  }
}

/** Whether the very same process still lives. */
export function isStillThere({ pid, started }: ProcessIdentity): boolean {
  const now = identityOf(pid);
  return now !== null && (started === null || now.started === null || now.started === started);
}

function isAlive(pid: number): boolean {
  try {
    // Changes nothing; fails where there is no such process.
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}
