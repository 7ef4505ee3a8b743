import { dirname, resolve } from "node:path";

/** What a process may do, as Deno's options name it. Absolute paths, `host` or `host:port`. */
export interface Permissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly net: readonly string[];
  readonly env: readonly string[];
  readonly run: readonly string[];
}

/** What a task needs, as far as it does not depend on its arguments. */
interface Needs {
  /** Variables of the environment that it looks at. */
  readonly env: readonly string[];
  /** Options that name a file it writes. A file is written beside its name first, then renamed. */
  readonly files: readonly string[];
  /** Options that name a folder it writes. */
  readonly folders: readonly string[];
  /** Whom it talks to: nobody, who is on this machine (or its `--host`), or the servers named. */
  readonly net: "none" | "loopback" | "servers";
  /** Programs that it starts. */
  readonly run: readonly string[];
}

const NOTHING: Needs = { env: [], files: [], folders: [], net: "none", run: [] };

/** The tasks that are started with just what their arguments need, by name. */
export const NEEDS: Readonly<Record<string, Needs>> = {
  conformance: NOTHING,
  trace: { ...NOTHING, files: ["-o", "--out"] },
  fit: { ...NOTHING, files: ["-o", "--out"] },
  fidelity: NOTHING,
  live: {
    ...NOTHING,
    env: ["VLLM_API_KEY", "OPENAI_API_KEY"],
    folders: ["--out"],
    net: "servers",
    run: ["nvidia-smi"],
  },
  twin: { ...NOTHING, env: ["VLLM_API_KEY", "VLLM_SERVER_DEV_MODE"], net: "loopback" },
};

/** Where Deno answers for this machine alone. */
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** An argument as an option and its value, or as a value alone. */
interface Argument {
  readonly option: string | null;
  readonly value: string | null;
}

/** `--out=x`, `--out x`, `-o x`, `-ox` and plain values; what a value belongs to is read from before it. */
function split(args: readonly string[]): Argument[] {
  return args.map((argument, i): Argument => {
    const long = /^(--[^=]+)=(.*)$/s.exec(argument);
    if (long !== null) return { option: long[1], value: long[2] };
    const short = /^(-[a-z])(.+)$/s.exec(argument);
    if (short !== null) return { option: short[1], value: short[2].replace(/^=/, "") };
    if (argument.startsWith("-") && argument !== "-") return { option: argument, value: null };
    const before = args[i - 1];
    const option = before !== undefined && /^-/.test(before) && before !== "-" ? before : null;
    return { option, value: argument };
  });
}

/** The host and port of a server as `--server` takes it: `URL` or `URL=MODEL`; null: no address. */
function hostOf(server: string): string | null {
  try {
    const { hostname, port, protocol } = new URL(server.split("=")[0]);
    return hostname === "" ? null : `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  } catch {
    return null;
  }
}

/**
 * Whom a live run talks to. The clock of a twin in virtual time is moved at another port, of the same
 * host or of this machine.
 */
function serversOf(
  servers: readonly string[],
  { virtual }: { readonly virtual: boolean },
): string[] {
  const hosts = servers.flatMap((server) => hostOf(server) ?? []);
  if (!virtual) return unique(hosts);
  return unique([...hosts, ...hosts.map((host) => host.replace(/:\d+$/, "")), LOOPBACK[0]]);
}

/** Paths that a value may mean: itself, and what stands behind an equals sign. */
function pathsOf(value: string, cwd: string): string[] {
  if (/^https?:/.test(value)) return [];
  const [, ...behind] = value.split("=");
  return [value, ...behind].filter((path) => path !== "" && path !== "-" && !path.includes("\0"))
    .map((path) => resolve(cwd, path));
}

/**
 * What a task needs for its arguments: to read the checkout and what the arguments name, to write
 * where its options say, to talk to whom they name. A value that is no path does no harm: it names a
 * file that is not there.
 *
 * @param cwd folder that relative paths start from
 * @param root the checkout
 */
export function permissionsOf(
  task: string,
  args: readonly string[],
  { cwd, root }: { readonly cwd: string; readonly root: string },
): Permissions {
  const needs = NEEDS[task];
  const given = split(args);
  const valuesOf = (options: readonly string[]) =>
    given.flatMap(({ option, value }) =>
      option !== null && value !== null && options.includes(option) ? [value] : []
    );
  const named = given.flatMap(({ value }) => value === null ? [] : pathsOf(value, cwd))
    .flatMap(placesOf);
  const folders = valuesOf(needs.folders).map((path) => resolve(cwd, path));
  const beside = valuesOf(needs.files).map((path) => dirname(resolve(cwd, path)));
  const written = [...folders, ...beside];
  const hosts = valuesOf(["--host"]).map((host) => host.includes(":") ? `[${host}]` : host);
  return {
    // The folder above a new one is read to wait until its name is on the disk.
    read: unique([root, ...named, ...written, ...written.flatMap(foldersAbove)]),
    write: unique(written),
    net: needs.net === "none"
      ? []
      : needs.net === "servers"
      ? serversOf(valuesOf(["--server"]), { virtual: valuesOf(["--time"]).includes("virtual") })
      : unique([...LOOPBACK, ...hosts]),
    env: ["INIT_CWD", ...needs.env],
    run: needs.run,
  };
}

/**
 * Where a named file is looked for: itself, where its link leads, and the folders of both, in which
 * further files of the same trace lie beside it.
 */
function placesOf(path: string): string[] {
  try {
    const real = Deno.realPathSync(path);
    return [path, real, dirname(path), dirname(real)];
  } catch {
    // It is not there, which the task itself says best.
    return [path];
  }
}

/** The folders above a path that are missing, and the one that is there. */
function foldersAbove(path: string): string[] {
  const above: string[] = [];
  for (let at = dirname(path);; at = dirname(at)) {
    above.push(at);
    if (isThere(at) || dirname(at) === at) return above;
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** A list of Deno's has commas between paths and no way to write one in a path: its folder, then. */
function withoutComma(value: string): string {
  return value.includes(",") ? withoutComma(dirname(value)) : value;
}

/** The options of `deno run` that grant just these permissions. */
export function denoOptions(permissions: Permissions): string[] {
  const lists = Object.entries(permissions).filter(([, values]) => values.length > 0);
  return [
    "--no-prompt",
    ...lists.map(([kind, values]) =>
      `--allow-${kind}=${unique(values.map(withoutComma)).join(",")}`
    ),
  ];
}
