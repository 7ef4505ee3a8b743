import { InputError } from "../errors/input-error.ts";
import { ensureEnvironment } from "../reports/jupyter/ensure-environment.ts";
import { type RunningLab, startLab } from "../reports/jupyter/start-lab.ts";
import { exitWith, readArguments } from "./command-line.ts";

const HELP = `Usage: deno task lab [--no-browser] [--port N] [--set-up-only]

Opens the notebooks in JupyterLab, in the project's own virtual environment (.venv), which the first
start makes: about half a minute and 250 MB.

  --no-browser   print the address instead of opening it
  --port N       TCP port on loopback; default the first free one from 8888 on
  --set-up-only  make the environment, then exit`;

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InputError({
    file: "command line",
    field: "--port",
    value: text,
    expected: "an integer from 0 to 65535",
  });
}

/** Prints each step once; on a terminal the count of packages runs on within its line. */
function progress(): (line: string, done?: number, total?: number) => void {
  const terminal = Deno.stderr.isTerminal();
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  let open = false;
  return (line, done, total) => {
    if (done === undefined) {
      write(`${open ? "\n" : ""}${line}\n`);
      open = false;
    } else if (terminal) {
      write(`\r${line}: ${done} of ${total}`);
      open = true;
    } else if (done % 25 === 0) {
      write(`${line}: ${done} of ${total}\n`);
    }
  };
}

/** Starts the server and waits for its end; its exit code. Polite signals are passed on to it. */
async function serve(starting: Promise<RunningLab>): Promise<number> {
  const stop = () => void starting.then((running) => running.stop(), () => {});
  // Ctrl-C reaches Lab as well, which asks whether to stop: the answer is its own to wait for.
  const signals: [Deno.Signal, () => void][] = [["SIGINT", () => {}]];
  if (Deno.build.os !== "windows") signals.push(["SIGTERM", stop], ["SIGHUP", stop]);
  for (const [signal, listener] of signals) Deno.addSignalListener(signal, listener);
  try {
    const running = await starting;
    console.log(`JupyterLab: ${running.url}lab?token=${running.token}\nStop it with Ctrl-C`);
    return (await running.status).code;
  } finally {
    for (const [signal, listener] of signals) Deno.removeSignalListener(signal, listener);
  }
}

/** `deno task lab`; returns the exit code. */
export async function lab(args: readonly string[]): Promise<number> {
  const { values } = readArguments({
    args: [...args],
    options: {
      "help": { type: "boolean", short: "h" },
      "no-browser": { type: "boolean" },
      "port": { type: "string" },
      "set-up-only": { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const port = parsePort(values.port);
  const environment = await ensureEnvironment({ onProgress: progress() });
  if (values["set-up-only"]) {
    console.log(environment.directory);
    return 0;
  }
  const browser = !values["no-browser"];
  return await serve(startLab(environment, { port, browser, stdio: "inherit" }));
}

if (import.meta.main) await exitWith(() => lab(Deno.args));
