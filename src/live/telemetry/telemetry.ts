import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import type { Clock } from "../client/clock.ts";
import { type PageRequestOptions, VllmClient } from "../client/vllm-client.ts";
import { parseDcgmPage } from "./gpu-sample.ts";
import { GpuRecorder, type GpuSeries } from "./gpu-series.ts";
import { type NvidiaSmi, startNvidiaSmi } from "./nvidia-smi.ts";
import { ServerRecorder, type ServerSeries } from "./server-series.ts";
import { readSnapshot } from "./server-snapshot.ts";

/** Options of {@link startTelemetry}. */
export const TelemetryOptions = z.strictObject({
  /** Seconds between two scrapes of a server. */
  periodSeconds: z.number().positive().default(1),
  /** Models as the servers' label `model_name` has them; absent: all. */
  models: z.array(z.string()).optional(),
  /** nvidia-smi on this machine: its name or path; null: don't look for it. */
  nvidiaSmi: z.string().min(1).nullable().default("nvidia-smi"),
  gpuPeriodSeconds: z.number().positive().default(0.2),
  /** Address of a DCGM exporter, for example `http://gpu-host:9400`. */
  dcgm: z.string().optional(),
});
export type TelemetryOptions = z.input<typeof TelemetryOptions>;

/** Where pages come from. */
export interface PageSource {
  readonly server: string;
  get(path: string, options?: PageRequestOptions): Promise<{ status: number; text: string }>;
}

/** Seconds that one scrape may take: a page that is later says nothing of its instant. */
const SCRAPE_SECONDS = 3;

/** What was seen of servers and GPUs during a run, on the run's clock. */
export interface Telemetry {
  /** In the order in which the servers were given. */
  readonly servers: readonly ServerSeries[];
  /** Null where no GPU was found. */
  readonly gpu: GpuSeries | null;
  /** What could not be read and why, each once. */
  readonly notes: readonly string[];
}

export interface TelemetrySession {
  /** Resolves when every server was scraped once: by then what has to be started and compiled is. */
  readonly started: Promise<void>;
  /** What was seen until now. */
  seen(): Telemetry;
  /**
   * Takes a last scrape and hands everything over.
   *
   * @param hurried no last scrape: somebody waits for the end. @default false
   */
  stop(hurried?: boolean): Promise<Telemetry>;
}

/**
 * Scrapes servers and GPUs until it is stopped. A server that does not answer leaves a row that says
 * so; the run does not notice. Instants are the middle between asking and answer, on the run's clock.
 */
export function startTelemetry(
  servers: readonly PageSource[],
  clock: Clock,
  options: TelemetryOptions = {},
): TelemetrySession {
  const settings = parseWith(TelemetryOptions, options, "options of the telemetry");
  const recorders = servers.map(({ server }) => new ServerRecorder(server));
  const gpus = new GpuRecorder();
  const notes = new Set<string>();
  const stopping = new AbortController();

  const page = async (source: PageSource, path: string) => {
    const asked = clock.now();
    const { status, text } = await source.get(path, {
      signal: stopping.signal,
      seconds: SCRAPE_SECONDS,
    });
    if (status !== 200) throw new Error(`${source.server}${path}: answered ${status}`);
    return { text, instant: (asked + clock.now()) / 2 };
  };
  const scrapeServer = async (i: number) => {
    const asked = clock.now();
    const source = `${servers[i].server}/metrics`;
    try {
      const { text, instant } = await page(servers[i], "/metrics");
      recorders[i].add(instant, readSnapshot(text, { source, models: settings.models }));
    } catch (error) {
      if (stopping.signal.aborted) return;
      recorders[i].add((asked + clock.now()) / 2, null);
      notes.add((error as Error).message);
    }
  };
  // One scrape of a server after the other, so that rows stand in order of time.
  const last = servers.map(() => Promise.resolve());
  const scrapeServers = async () => {
    await Promise.all(servers.map((_, i) => last[i] = last[i].then(() => scrapeServer(i))));
  };
  const exporter = settings.dcgm === undefined
    ? null
    : new VllmClient(settings.dcgm, clock, { apiKeyVariable: null });
  const scrapeExporter = async () => {
    if (exporter === null) return;
    try {
      const { text, instant } = await page(exporter, "/metrics");
      for (const sample of parseDcgmPage(text, exporter.server)) gpus.add(instant, sample);
    } catch (error) {
      if (!stopping.signal.aborted) notes.add((error as Error).message);
    }
  };

  const smi: NvidiaSmi | null = settings.nvidiaSmi === null ? null : startNvidiaSmi({
    command: settings.nvidiaSmi,
    periodSeconds: settings.gpuPeriodSeconds,
    onSample: (sample) => gpus.add(clock.now(), sample),
  });
  const loops = [
    every(settings.periodSeconds, stopping.signal, scrapeServers),
    ...(exporter === null ? [] : [
      every(settings.gpuPeriodSeconds, stopping.signal, scrapeExporter),
    ]),
  ];

  const seen = (): Telemetry => {
    const gpu = gpus.finish();
    return {
      servers: recorders.map((recorder) => recorder.finish()),
      gpu: gpu.size > 0 ? gpu : null,
      notes: [...notes],
    };
  };
  return {
    started: Promise.all(last).then(() => {}),
    seen,
    async stop(hurried = false) {
      if (!hurried) await scrapeServers();
      stopping.abort();
      await Promise.all(loops);
      exporter?.close();
      const complaint = await smi?.stop() ?? null;
      if (complaint !== null) notes.add(`nvidia-smi: ${complaint}`);
      return seen();
    },
  };
}

/** Runs `work` now and at every period, but never twice at once: a slow answer skips a beat. */
async function every(seconds: number, signal: AbortSignal, work: () => Promise<void>) {
  let due = performance.now();
  while (!signal.aborted) {
    await work();
    due = Math.max(due + 1000 * seconds, performance.now());
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, Math.max(0, due - performance.now()));
      function done() {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      }
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }
}
