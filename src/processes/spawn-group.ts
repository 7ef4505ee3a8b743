import { type ChildProcess, spawn } from "node:child_process";

/** How a process is started. */
export interface SpawnGroupOptions {
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Environment on top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder that is removed if this process dies before it says that all is over. @default none */
  readonly folder?: string;
}

/** A process with all that it starts, which ends at the latest when this process ends. */
export interface ProcessGroup {
  readonly pid: number;
  /** What it writes to standard error. */
  readonly stderr: NonNullable<ChildProcess["stderr"]>;
  /** Resolves when the process itself has ended. Never rejects. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Kills it and all that it has started. */
  kill(): void;
}

const WINDOWS = Deno.build.os === "windows";

/**
 * Waits for the end of its standard input, which this process holds open for as long as it lives, and
 * then kills the group and removes the folder. Killed itself by {@link spawnGroup} when all is well.
 */
const WATCHMAN = `cat > /dev/null
kill -s KILL -- "-$1" 2> /dev/null
if [ -n "$2" ]; then rm -rf -- "$2"; fi`;

/**
 * Starts a program in a process group of its own, so that it can be killed with everything that it
 * starts in turn, however busy it is. A second, tiny process watches over it: where this process dies
 * without a word (kill -9, a crash), the group is killed and its folder removed. What leaves the group on
 * purpose (`setsid`) is out of reach. On Windows there are no groups: there only the program is killed.
 *
 * Throws what the system says where the program can't be started.
 */
export async function spawnGroup(
  program: string,
  { args, cwd, env = {}, folder = "" }: SpawnGroupOptions,
): Promise<ProcessGroup> {
  const child = spawn(program, [...args], {
    cwd,
    env: { ...Deno.env.toObject(), ...env },
    stdio: ["ignore", "ignore", "pipe"],
    detached: !WINDOWS,
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", () => resolve());
    child.once("error", reject);
  });
  child.on("error", () => {});
  const pid = child.pid!;
  const watchman = WINDOWS ? null : watch(pid, folder);
  const kill = () => {
    killGroup(pid);
    watchman?.kill("SIGKILL");
  };
  void ended.then(kill);
  return { pid, stderr: child.stderr!, ended, kill };
}

/** Kills a process group; one that has ended is no failure. */
export function killGroup(pid: number): void {
  try {
    Deno.kill(WINDOWS ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

function watch(pid: number, folder: string): ChildProcess {
  const watchman = spawn("sh", ["-c", WATCHMAN, "watchman", String(pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    // Ctrl-C in a terminal ends this process first, and the watchman has still to do its work.
    detached: true,
  });
  watchman.on("error", () => {});
  watchman.stdin?.on("error", () => {});
  watchman.unref();
  return watchman;
}
