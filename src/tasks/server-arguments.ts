import { basename, dirname, resolve } from "node:path";
import { InputError } from "../errors/input-error.ts";
import { parseJson } from "../errors/parse-json.ts";
import { readBytes } from "../files/read-bytes.ts";
import type { Gpu } from "../servers/costs/gpu.ts";
import { gpuNamed } from "../servers/gpus/bundled.ts";
import { type GpuCardInput, gpuOfCard } from "../servers/gpus/card.ts";
import { modelNamed } from "../servers/models/bundled.ts";
import { type ModelConfig, readModelConfig } from "../servers/models/model-config.ts";
import { type ServerParts, type SizedServer, sizeServer } from "../servers/sized-server.ts";
import { cwd } from "./command-line.ts";

const text = { type: "string" } as const;

/** Options of a task that takes a server by its parts, for `readArguments`. */
export const SERVER_PART_OPTIONS = {
  model: text,
  gpu: text,
  tp: text,
  precision: text,
  "kv-cache-dtype": text,
  "gpu-memory-utilization": text,
  "vllm-version": text,
} as const;

/** What they mean, for a task's usage. */
export const SERVER_PART_USAGE =
  `  --model NAME|config.json   a bundled shape, or a model's config.json as Hugging Face has it
  --gpu NAME|card.json       a bundled card, or a card of your own
  --tp N                     cards that share every layer (1)
  --precision NAME           of the weights: bf16, fp8, int8, awq, gptq, mxfp4 (as stored)
  --kv-cache-dtype NAME      auto or fp8
  --gpu-memory-utilization S share of the card's memory that vLLM takes (0.92)
  --vllm-version V           whose defaults hold (0.30.0)`;

type Values = { readonly [name in keyof typeof SERVER_PART_OPTIONS]?: string };

const refuse = (field: string, value: unknown, expected: string) =>
  new InputError({ file: "command line", field: `--${field}`, value, expected });

const isFile = (name: string) => name.endsWith(".json");

async function readJson(path: string): Promise<unknown> {
  const bytes = await readBytes(resolve(cwd, path));
  return parseJson(new TextDecoder().decode(bytes), path);
}

async function modelOf(value: string): Promise<Partial<ModelConfig>> {
  if (!isFile(value)) return { model: modelNamed(value, "command line") };
  // A checkpoint's folder has the model's name.
  const folder = basename(dirname(resolve(cwd, value)));
  const file = basename(value, ".json");
  return readModelConfig(await readJson(value), value, file === "config" ? folder : file);
}

async function gpuOf(value: string): Promise<Gpu> {
  if (!isFile(value)) return gpuNamed(value, "command line");
  return gpuOfCard(await readJson(value) as GpuCardInput, value);
}

function numberOf(field: keyof Values, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value.trim() === "" || Number.isNaN(Number(value))) throw refuse(field, value, "a number");
  return Number(value);
}

/**
 * The server that `--model` and `--gpu` ask for; undefined where neither is given. Reads a config.json
 * or a card where a name ends in `.json`. Throws an InputError that names file, field and value.
 *
 * @param flags vLLM's flags that the task took by options of its own
 */
export async function serverOfArguments(
  values: Values,
  flags: ServerParts["flags"] = {},
): Promise<SizedServer | undefined> {
  const { model: modelName, gpu: gpuName } = values;
  if (modelName === undefined && gpuName === undefined) {
    const lost = (Object.keys(SERVER_PART_OPTIONS) as (keyof Values)[])
      .find((name) => values[name] !== undefined);
    if (lost !== undefined) throw refuse(lost, values[lost], "--model and --gpu beside it");
    return undefined;
  }
  if (modelName === undefined) throw refuse("model", undefined, "a model beside --gpu");
  if (gpuName === undefined) throw refuse("gpu", undefined, "a card beside --model");
  const [{ model, precision: stored }, gpu] = await Promise.all([
    modelOf(modelName),
    gpuOf(gpuName),
  ]);
  const utilization = numberOf("gpu-memory-utilization", values["gpu-memory-utilization"]);
  const dtype = values["kv-cache-dtype"];
  return sizeServer({
    model: model!,
    gpu,
    // A bundled shape says for itself how its checkpoint is stored.
    precision: values.precision ?? stored,
    tensorParallel: numberOf("tp", values.tp),
    vllm: values["vllm-version"],
    flags: {
      ...flags,
      ...utilization !== undefined && { gpu_memory_utilization: utilization },
      ...dtype !== undefined && { kv_cache_dtype: dtype },
    },
  }, "command line");
}
