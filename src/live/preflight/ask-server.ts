import * as z from "zod";
import { escapeControls } from "../../errors/escape-controls.ts";
import { InputError } from "../../errors/input-error.ts";
import { type Page, ServerError } from "../client/fetch-page.ts";
import type { VllmClient } from "../client/vllm-client.ts";
import { parseMetricsText } from "../telemetry/metrics-text.ts";
import { CACHE_CONFIG } from "../telemetry/names.ts";
import type { KvCache, ServerFacts } from "./server-facts.ts";

/** What a server calls something: it is shown, so it may hold no control characters. */
const Name = z.string().max(4096).refine((name) => escapeControls(name) === name);

/** Answer of `/v1/models`; other servers than vLLM leave the context out. */
const Models = z.object({
  object: z.literal("list").nullish(),
  data: z.array(z.object({
    id: Name,
    owned_by: Name.nullish(),
    root: z.string().nullish(),
    max_model_len: z.int().positive().nullish(),
  })),
});
/** Owners of models by which other servers are known that speak vLLM's API well enough. */
const OTHERS = ["sglang", "llamacpp"];

type Model = z.output<typeof Models>["data"][number];

const Version = z.object({ version: Name });

/** Answer of `/server_info?config_format=json`, which vLLM has in its development mode alone. */
const ServerInfo = z.object({
  vllm_config: z.object({ scheduler_config: z.object({ policy: Name }) }),
});

function refuse(url: string, value: unknown, expected: string): never {
  throw new InputError({ file: `server ${url}`, value, expected });
}

async function pageOf(client: VllmClient, path: string): Promise<Page> {
  try {
    return await client.get(path);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return refuse(client.server, error.reason, `a vLLM server that answers (${error.message})`);
  }
}

/** Seconds for a page that nothing depends on. */
const OPTIONAL_SECONDS = 5;

/** A page that a server need not have: null where it has none. */
async function optionalPage(client: VllmClient, path: string): Promise<string | null> {
  try {
    const { status, text } = await client.get(path, { seconds: OPTIONAL_SECONDS });
    return status === 200 ? text : null;
  } catch {
    return null;
  }
}

function parseJson<S extends z.ZodType>(schema: S, text: string | null): z.output<S> | null {
  if (text === null) return null;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function modelsOf({ status, text, contentType }: Page, client: VllmClient): Model[] {
  const url = client.server;
  if (status === 401 || status === 403) {
    const { apiKey } = client.toJSON();
    const named = apiKey === null
      ? "the server's key, in the environment variable VLLM_API_KEY"
      : `a key that the server takes: it refused the ${apiKey.slice(1, -1)}`;
    return refuse(url, `status ${status}`, named);
  }
  const api = "the answer of a vLLM server to /v1/models";
  if (status !== 200) return refuse(url, `status ${status}`, api);
  const models = parseJson(Models, text);
  if (models !== null && models.data.length > 0) return models.data;
  return refuse(url, /json/i.test(contentType) ? text : contentType || "no content type", api);
}

/** The page is vLLM's if it holds one of its metrics; other programs have pages of their own. */
function isVllmPage(metrics: string | null): boolean {
  return metrics !== null && /^vllm:/m.test(metrics);
}

function kvCacheOf(metrics: string | null, url: string): KvCache | null {
  if (!isVllmPage(metrics)) return null;
  const { values } = parseMetricsText(metrics!, `${url}/metrics`, {
    wanted: (name) => name === CACHE_CONFIG,
  });
  const labels = values.get(CACHE_CONFIG)?.[0]?.labels;
  if (labels === undefined) return null;
  const count = (text: string | undefined) => /^\d+$/.test(text ?? "") ? Number(text) : null;
  return {
    blocks: count(labels.num_gpu_blocks),
    blockTokens: count(labels.block_size),
    prefixCaching: labels.enable_prefix_caching === undefined
      ? null
      : labels.enable_prefix_caching === "True",
  };
}

/** The name under which the server counts: the first one that it serves the model under. */
function metricsName(found: Model, models: readonly Model[]): string {
  const same = ({ root }: Model) => root !== null && root !== undefined && root === found.root;
  return models.find(same)?.id ?? found.id;
}

/** Models that a message names at most. */
const MODELS_SHOWN = 20;

function listed(names: readonly string[]): string {
  const more = names.length - MODELS_SHOWN;
  return `${names.slice(0, MODELS_SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** How a server is asked. */
export interface Asking {
  /** Name of a model; absent: the only one that the server has. */
  readonly model?: string;
  /** Take a server that is not known to be vLLM, SGLang or llama.cpp. @default false */
  readonly anyServer?: boolean;
}

/**
 * Asks a server what it is. Throws an InputError where nobody answers, where it is no vLLM (a web
 * page, another API), where its engine is dead, where it wants a key, or does not have the model.
 * SGLang and llama.cpp are taken too, others where they are asked for.
 */
export async function askServer(
  client: VllmClient,
  { model, anyServer = false }: Asking = {},
): Promise<ServerFacts> {
  const url = client.server;
  const models = modelsOf(await pageOf(client, "/v1/models"), client);
  const [health, versionText, metrics, info] = await Promise.all([
    pageOf(client, "/health"),
    optionalPage(client, "/version"),
    optionalPage(client, "/metrics"),
    optionalPage(client, "/server_info?config_format=json"),
  ]);
  const version = parseJson(Version, versionText)?.version ?? null;
  const owners = [...new Set(models.map(({ owned_by }) => owned_by ?? "nobody"))];
  const isVllm = version !== null || isVllmPage(metrics) || owners.includes("vllm");
  if (!isVllm && !anyServer && !owners.some((owner) => OTHERS.includes(owner))) {
    return refuse(
      url,
      `models owned by ${owners.join(", ")}`,
      "a vLLM server: this one has neither /version nor vLLM's /metrics (--any-server takes another " +
        "server with OpenAI's API as it is)",
    );
  }
  const noHealthPage = !isVllm && health.status !== 200 && health.status < 500;
  if (health.status !== 200 && !noHealthPage) {
    return refuse(url, `status ${health.status}`, "200 from /health: the engine is not running");
  }
  const found = model === undefined && models.length === 1
    ? models[0]
    : models.find(({ id }) => id === model);
  if (found === undefined) {
    throw new InputError({
      file: `server ${url}`,
      field: "model",
      value: model ?? "none named",
      expected: `one of ${listed(models.map(({ id }) => id))}`,
    });
  }
  return {
    url,
    model: found.id,
    metricsModel: metricsName(found, models),
    contextTokens: found.max_model_len ?? null,
    version,
    kvCache: kvCacheOf(metrics, url),
    policy: parseJson(ServerInfo, info)?.vllm_config.scheduler_config.policy ?? null,
    ...isVllm ? {} : { otherThanVllm: owners.join(", ") },
    ...noHealthPage ? { healthPage: "/v1/models" } : {},
  };
}
