import type * as z from "zod";
import { writeAtomically } from "../files/write-atomically.ts";
import type { Clock } from "./client/clock.ts";
import { writeGpuTelemetryCsv, writeServerTelemetryCsv } from "./telemetry/telemetry-csv.ts";
import {
  type PageSource,
  startTelemetry,
  type Telemetry,
  type TelemetryOptions,
  type TelemetrySession,
} from "./telemetry/telemetry.ts";
import { EventLoopDelay, type Spread } from "./overhead.ts";

/** What is watched, and where it is kept. */
export interface RunWatchOptions {
  readonly servers: readonly PageSource[];
  readonly clock: Clock;
  /** Null: servers and GPUs are left alone. */
  readonly telemetry: z.input<typeof TelemetryOptions> | null;
  /** Folder of the files; undefined: none are written. */
  readonly out: string | undefined;
  /** Which process it is that works on the run: a later one does not write over an earlier one's files. */
  readonly session: number;
}

/** What was seen while one process worked on a run. */
export interface Seen {
  readonly telemetry: Telemetry | null;
  readonly eventLoop: Spread;
  /** Paths of the files written. */
  readonly files: readonly string[];
}

/** Milliseconds between two writings: what a process that is killed may lose of its telemetry. */
const FLUSH_MS = 5000;

/** Watches servers, GPUs and our own event loop while a run is driven. */
export class RunWatch {
  readonly #options: RunWatchOptions;
  readonly #delay = new EventLoopDelay();
  readonly #session: TelemetrySession | null;
  readonly #flushing: ReturnType<typeof setInterval> | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: RunWatchOptions) {
    this.#options = options;
    const { telemetry, servers, clock, out } = options;
    this.#delay.start();
    this.#session = telemetry === null ? null : startTelemetry(servers, clock, telemetry);
    if (this.#session !== null && out !== undefined) {
      this.#flushing = setInterval(() => this.#flush(this.#session!.seen()), FLUSH_MS);
    }
  }

  /** Resolves when the first look is over. */
  async started(): Promise<void> {
    await this.#session?.started;
  }

  /** @param hurried whether somebody waits for the end, see {@link TelemetrySession} */
  async stop(hurried = false): Promise<Seen> {
    clearInterval(this.#flushing);
    const eventLoop = this.#delay.stop();
    const telemetry = await this.#session?.stop(hurried) ?? null;
    await this.#writing;
    const files = telemetry === null ? [] : await this.#write(telemetry);
    return { telemetry, eventLoop, files };
  }

  #flush(telemetry: Telemetry): void {
    // A full disk is reported by the journal; telemetry is not worth a run.
    this.#writing = this.#writing.then(() => this.#write(telemetry)).catch(() => {});
  }

  /** `server_telemetry.csv` and, where there is a GPU, `telemetry.csv`, as the reference has it. */
  async #write({ servers, gpu }: Telemetry): Promise<string[]> {
    const { out, session } = this.#options;
    if (out === undefined) return [];
    const part = session > 1 ? `-${session}` : "";
    const files = { [`server_telemetry${part}.csv`]: writeServerTelemetryCsv(servers) };
    if (gpu !== null) files[`telemetry${part}.csv`] = writeGpuTelemetryCsv(gpu);
    const paths = Object.entries(files).map(([name, text]) => ({ path: `${out}/${name}`, text }));
    for (const { path, text } of paths) await writeAtomically(path, text);
    return paths.map(({ path }) => path);
  }
}
