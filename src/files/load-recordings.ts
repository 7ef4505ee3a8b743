import { fifo } from "../policies/fifo.ts";
import Papa from "papaparse";
import * as z from "zod";
import { exactSteps } from "../fidelity/budget/exact-steps.ts";
import type { Recording } from "../fidelity/fit/fit-request-overhead.ts";
import { firstRequests, type LoadPoint } from "../fidelity/load-point.ts";
import { readIterationLog } from "../fidelity/fit/iteration-log.ts";
import {
  readRecordedRequests,
  readRunDescription,
  type RecordedRequests,
  type RunDescription,
} from "../fidelity/recorded-run.ts";
import { type LoggedSteps, loggedSteps } from "../fidelity/fit/logged-steps.ts";
import { ServerFile } from "../servers/costs/server-file.ts";
import { parseJson } from "../errors/parse-json.ts";
import { parseWith } from "../errors/parse-with.ts";
import { readRunJson } from "../runs/read-run-json.ts";
import type { Run } from "../runs/run.ts";
import { readBundled } from "./read-bundled.ts";

const L4_LOG = "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
const L4_SERVER = "l4-qwen3-1.7b";

/** A bundled recording of a real server. */
export interface LoadedRecording extends Recording {
  readonly name: string;
  /** The server's iterations; null where none were logged. */
  readonly steps: LoggedSteps | null;
}

/** One with the server's iterations. */
export interface LoggedRecording extends LoadedRecording {
  readonly steps: LoggedSteps;
}

const textOf = async (path: string) => new TextDecoder().decode(await readBundled(path));

/**
 * A bundled run of vLLM 0.30 on a CPU: requests, flags and iterations.
 *
 * @param name as in `data/vllm_cpu_measured/`
 * @example
 * const { requests, steps } = await data.loadCpuRecording("ds_l5.fcfs32");
 */
export function loadCpuRecording(name: string): Promise<LoggedRecording> {
  return loadLogged(name, { folder: "vllm_cpu_measured", requests: "requests.csv" });
}

/**
 * A bundled run of vLLM 0.30 on a CPU whose prompts are known, with prefix caching on or off.
 *
 * @param name as in `data/vllm_cpu_chat/`
 * @example
 * const { requests, steps } = await data.loadChatRecording("chat_l5.apc");
 */
export function loadChatRecording(name: string): Promise<LoggedRecording> {
  return loadLogged(name, { folder: "vllm_cpu_chat", requests: "requests.jsonl.gz" });
}

async function loadLogged(
  name: string,
  { folder, requests: ending }: { readonly folder: string; readonly requests: string },
): Promise<LoggedRecording> {
  const stem = `${folder}/${name}`;
  const [json, text, log] = await Promise.all(
    ["json", ending, "iterations.log.gz"].map((each) => textOf(`${stem}.${each}`)),
  );
  const description = readRunDescription(json, `data/${stem}.json`);
  const iterations = readIterationLog(log, `data/${stem}.iterations.log.gz`);
  const { requests } = readRecordedRequests(text, `data/${stem}.${ending}`);
  const steps = loggedSteps(iterations, description.server);
  return {
    ...{ name, description, requests },
    steps: exactSteps(steps, requests, description.server),
  };
}

/** A bundled run of `deno task live` in front of a real server. */
export interface LoadedLiveRun {
  readonly name: string;
  readonly run: Run;
  /** Flags of the server. */
  readonly flags: RunDescription["server"];
  /** The server's iterations during the run. */
  readonly steps: LoggedSteps;
  /** What the client did to the times that it measured, request by request. */
  readonly client: ClientTimes;
}

/** Shape (n) each, seconds. */
export interface ClientTimes {
  /** Between the instant a request was due and its estimate. */
  readonly late: Float64Array;
  /**
   * Time to first token from sending, less what the server says of it by its own clock (queue and
   * prefill): HTTP, the server's front end, and the client.
   */
  readonly overhead: Float64Array;
}

const ClientRows = z.array(z.looseObject({
  late: z.coerce.number(),
  ttft_from_send: z.coerce.number(),
  server_queue_and_ttft: z.coerce.number(),
})).min(1);

/**
 * A bundled live run in front of vLLM 0.30 on a CPU.
 *
 * @param name as in `data/vllm_cpu_live/`
 * @example
 * const { run, flags, steps } = await data.loadLiveRun("sjf.window16");
 */
export async function loadLiveRun(name: string): Promise<LoadedLiveRun> {
  const stem = `vllm_cpu_live/${name}`;
  const [json, run, requests, log] = await Promise.all(
    ["json", "run.json.gz", "requests.csv.gz", "iterations.log.gz"].map((ending) =>
      textOf(`${stem}.${ending}`)
    ),
  );
  const { server: flags } = readRunDescription(json, `data/${stem}.json`);
  const { data } = Papa.parse(requests, { header: true, skipEmptyLines: true });
  const rows = parseWith(ClientRows, data, `data/${stem}.requests.csv.gz`);
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of);
  return {
    name,
    run: readRunJson(run, `data/${stem}.run.json.gz`),
    flags,
    steps: loggedSteps(readIterationLog(log, `data/${stem}.iterations.log.gz`), flags),
    client: {
      late: column(({ late }) => late),
      overhead: column(({ ttft_from_send: seen, server_queue_and_ttft: own }) => seen - own),
    },
  };
}

/** The bundled log of 160 requests to Qwen3-1.7B on a real L4, under the flags of its server file. */
export async function loadL4Recording(): Promise<LoadedRecording> {
  const { server } = await loadServerFile(L4_SERVER);
  const { requests } = readRecordedRequests(await textOf(L4_LOG), `data/${L4_LOG}`);
  return {
    name: "Qwen3-1.7B on an L4",
    requests,
    description: { server: server!, client: null },
    steps: null,
  };
}

/**
 * A bundled server file.
 *
 * @param name as in `data/servers/`
 */
export async function loadServerFile(name: string): Promise<ServerFile> {
  const path = `servers/${name}.json`;
  return parseWith(ServerFile, parseJson(await textOf(path), `data/${path}`), `data/${path}`);
}

/** Models of which load points were measured on the L4, with the file and the server of each. */
const L4_MODELS = {
  "Qwen3-0.6B": {
    points: "l4_measured/qwen3-0.6b_L4_vllm0.30.json",
    server: "l4-qwen3-0.6b",
  },
  "Qwen3-1.7B": { points: "l4_measured/qwen3-1.7b_L4_vllm0.30.json", server: L4_SERVER },
} as const;
export type L4Model = keyof typeof L4_MODELS;
const L4_WORKLOAD = "l4_measured/load_points_workload.csv";

const number = z.number();
const L4Points = z.looseObject({
  load_sweep: z.record(
    z.string(),
    z.array(z.looseObject({
      load: z.string().regex(/^(?:open|closed) \d+$/),
      achieved_req_s: number,
      output_tok_s: number,
      ttft_p50_ms: number,
      ttft_p99_ms: number,
      tpot_p50_ms: number,
      tpot_p99_ms: number,
    })),
  ),
});
const WorkloadRows = z.array(z.looseObject({
  id: z.string().min(1),
  /** Seconds at one arrival a second. */
  unit_arrival: z.coerce.number().min(0),
  prompt_len: z.coerce.number().int().min(1),
  output_tokens: z.coerce.number().int().min(1),
})).min(1);

/** A load point of the L4: what was measured, and the requests that were sent. */
export interface LoadedPoint {
  /** `open 2`: two arrivals a second; `closed 8`: eight users, each sends when answered. */
  readonly load: string;
  readonly measured: LoadPoint;
  readonly recording: Recording;
}

/** Requests of each point, as its author counts them: open by arrivals a second, closed by users. */
const REQUESTS: Readonly<Record<string, number>> = {
  ...{ "open 1": 40, "open 2": 80, "open 4": 160, "open 8": 300, "open 12": 300, "open 16": 300 },
  ...{ "open 24": 300, "open 32": 300 },
  ...{ "closed 1": 20, "closed 8": 64, "closed 32": 128, "closed 256": 512 },
};

/** The requests that every load point sent the first of, at one arrival a second. */
async function loadL4Workload(): Promise<RecordedRequests> {
  const { data } = Papa.parse(await textOf(L4_WORKLOAD), { header: true, skipEmptyLines: true });
  const rows = parseWith(WorkloadRows, data, `data/${L4_WORKLOAD}`);
  const size = rows.length;
  return {
    size,
    id: rows.map(({ id }) => id),
    arrival: Float64Array.from(rows, (row) => row.unit_arrival),
    promptTokens: Int32Array.from(rows, (row) => row.prompt_len),
    outputTokens: Int32Array.from(rows, (row) => row.output_tokens),
    priority: new Int32Array(size),
    tier: new Uint8Array(size),
    firstToken: new Float64Array(size).fill(NaN),
    finish: new Float64Array(size).fill(NaN),
  };
}

/**
 * The bundled load points of a model on a real L4. Each sent the first requests of one workload, their
 * arrivals stretched to its rate, or all at once through a window of as many as there were users.
 *
 * @param model @default "Qwen3-1.7B"
 */
export async function loadL4Points(model: L4Model = "Qwen3-1.7B"): Promise<LoadedPoint[]> {
  const path = L4_MODELS[model].points;
  const [requests, { server }, text] = await Promise.all([
    loadL4Workload(),
    loadServerFile(L4_MODELS[model].server),
    textOf(path),
  ]);
  const { load_sweep } = parseWith(L4Points, parseJson(text, `data/${path}`), `data/${path}`);
  return load_sweep[model].map(({ load, ...measured }) => {
    const [kind, count] = load.split(" ");
    const stretch = kind === "open" ? 1 / Number(count) : 0;
    const client = kind === "open" ? null : { in_flight_window: Number(count), order: fifo.name };
    return {
      load,
      measured,
      recording: {
        requests: firstRequests(requests, REQUESTS[load], stretch),
        description: { server: server!, client },
      },
    };
  });
}
