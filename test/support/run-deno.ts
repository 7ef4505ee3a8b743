/** Where a command runs, and what it finds in its environment besides. */
export interface RunDenoOptions {
  readonly cwd: string;
  /** @default nothing more */
  readonly env?: Readonly<Record<string, string>>;
}

/** Text without the lines in which Deno says that it sets packages up, or waits for another that does. */
export function withoutSetUp(stderr: string): string {
  return stderr.replace(/^(?:Download|Initialize|Blocking waiting for file lock) .*\n/gm, "");
}

/** Runs `deno` with `args` to its end, without colours and without kept results of sweeps. */
export async function runDeno(args: readonly string[], { cwd, env = {} }: RunDenoOptions) {
  const { code, success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DRIFTSCHED_STORE: "off", ...env },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    success,
    stdout: decoder.decode(stdout),
    stderr: withoutSetUp(decoder.decode(stderr)),
  };
}
