import type { Recording } from "../engines/fidelity/fit-request-overhead.ts";
import { readIterationLog } from "../engines/fidelity/iteration-log.ts";
import { readRecordedRequests, readRunDescription } from "../engines/fidelity/recorded-run.ts";
import { type LoggedSteps, loggedSteps } from "../engines/step-cost/logged-steps.ts";
import { ServerFile } from "../engines/step-cost/server-file.ts";
import { parseWith } from "../errors/parse-with.ts";
import { readBundled } from "./read-bundled.ts";

const L4_LOG = "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
const L4_SERVER = "l4-qwen3-1.7b";

/** A bundled recording of a real server. */
export interface LoadedRecording extends Recording {
  readonly name: string;
  /** The server's iterations; null where none were logged. */
  readonly steps: LoggedSteps | null;
}

const textOf = async (path: string) => new TextDecoder().decode(await readBundled(path));

/**
 * A bundled run of vLLM 0.30 on a CPU: requests, flags and iterations.
 *
 * @param name as in `data/vllm_cpu_measured/`
 * @example
 * const { requests, steps } = await loadCpuRecording("ds_l5.fcfs32");
 */
export async function loadCpuRecording(
  name: string,
): Promise<LoadedRecording & { readonly steps: LoggedSteps }> {
  const stem = `vllm_cpu_measured/${name}`;
  const [json, requests, log] = await Promise.all(
    ["json", "requests.csv", "iterations.log.gz"].map((ending) => textOf(`${stem}.${ending}`)),
  );
  const description = readRunDescription(json, `data/${stem}.json`);
  const iterations = readIterationLog(log, `data/${stem}.iterations.log.gz`);
  return {
    name,
    description,
    requests: readRecordedRequests(requests, `data/${stem}.requests.csv`).requests,
    steps: loggedSteps(iterations, description.server),
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
  return parseWith(ServerFile, JSON.parse(await textOf(path)), `data/${path}`);
}
