import { basename } from "node:path";
import { L4_QWEN15_1_8B_SERVER } from "../servers/continuous/presets.ts";
import type { ServerConfigInput } from "../servers/continuous/config.ts";
import { L4 } from "../servers/gpus/bundled.ts";
import { MODELS, QWEN15_1_8B_CHAT } from "../servers/models/bundled.ts";
import { roofline } from "../servers/costs/roofline.ts";
import { type CostFlags, ServerFile, stepCostOf } from "../servers/costs/server-file.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";
import { type Server, type ServerInput, serverOf } from "../servers/server.ts";
import { InputError } from "../errors/input-error.ts";
import { parseJson } from "../errors/parse-json.ts";
import { parseWith } from "../errors/parse-with.ts";
import { DATA_FOLDER } from "../files/read-bundled.ts";
import { readBytes } from "../files/read-bytes.ts";

/** Vocabulary where nobody says otherwise: that of the tokenizer which the twin speaks with. */
const QWEN_VOCABULARY = 151_936;

/** A server that the twin can play. */
export interface ServerModel {
  /** Name under which it is asked for. */
  readonly name: string;
  /** The served model's name. */
  readonly model: string;
  /** Token ids lie below it. */
  readonly vocabulary: number;
  /** Flags that belong to it; the twin's own options win. */
  readonly flags: Partial<ServerConfigInput>;
  /** Its step cost under the flags. */
  cost(flags: CostFlags): StepCost;
}

/** The paper's server: not a file, because nobody has measured it. */
const PAPER_SERVER: ServerModel = {
  name: "l4-qwen1.5-1.8b",
  model: QWEN15_1_8B_CHAT.name,
  vocabulary: QWEN15_1_8B_CHAT.vocabulary,
  flags: L4_QWEN15_1_8B_SERVER,
  // As the preset of the simulator, which stops at 256 sequences.
  cost: ({ max_num_seqs: maxSequences }) =>
    roofline(QWEN15_1_8B_CHAT, L4, { eagerFactor: 1.028, maxSequences }),
};

/**
 * Flags with which the recorded CPU server ran (CPU measurements, README): its file holds costs
 * alone, because each recording has its own flags.
 */
const CPU_FLAGS: Partial<ServerConfigInput> = {
  max_num_seqs: 32,
  max_num_batched_tokens: 2048,
  max_model_len: 4096,
  num_gpu_blocks: 1024,
  block_size: 128,
  async_scheduling: false,
};
const FLAGS: Readonly<Record<string, Partial<ServerConfigInput>>> = {
  "vllm-cpu-0.05b": CPU_FLAGS,
};

function fromFile(name: string, file: ServerFile): ServerModel {
  const shape = file.cost.kind !== "fitted" ? MODELS[file.cost.model] : undefined;
  return {
    name,
    model: shape?.name ?? name,
    vocabulary: shape?.vocabulary ?? QWEN_VOCABULARY,
    flags: file.server ?? FLAGS[name] ?? {},
    cost: (given) => stepCostOf(file, given),
  };
}

/** A server value as the twin plays it. */
function fromValue(input: ServerInput | Server): ServerModel {
  const server = serverOf(input);
  if (server.batching === "static") {
    const expected = '"continuous": vLLM has no static batches';
    throw new InputError({
      file: "twin options",
      field: "server.batching",
      value: server.batching,
      expected,
    });
  }
  const { name, config, cost, file } = server;
  return {
    ...file === undefined
      ? { name, model: name, vocabulary: QWEN_VOCABULARY }
      : fromFile(name, file),
    flags: config,
    cost: (given) => file === undefined ? cost : stepCostOf(file, given),
  };
}

/** Names of the bundled servers. */
export async function serverNames(): Promise<string[]> {
  const names = [PAPER_SERVER.name];
  for await (const { name } of Deno.readDir(new URL("servers/", DATA_FOLDER))) {
    if (name.endsWith(".json")) names.push(basename(name, ".json"));
  }
  return names.sort();
}

/**
 * The server called `name`: bundled (`l4-qwen1.5-1.8b`, or a file of `data/servers/`), or the path
 * of a server JSON as `deno task fit` writes it, or a server as a value. An InputError lists the names.
 */
export async function loadServer(name: string | ServerInput | Server): Promise<ServerModel> {
  if (typeof name !== "string") return fromValue(name);
  if (name === PAPER_SERVER.name) return PAPER_SERVER;
  const isPath = name.endsWith(".json");
  if (!isPath) {
    const names = await serverNames();
    if (!names.includes(name)) {
      throw new InputError({
        file: "twin options",
        field: "server",
        value: name,
        expected: `one of ${names.join(", ")}, or the path of a server JSON`,
      });
    }
  }
  const path = isPath ? name : new URL(`servers/${name}.json`, DATA_FOLDER);
  const text = new TextDecoder().decode(await readBytes(path));
  const file = parseWith(ServerFile, parseJson(text, name), name);
  return fromFile(isPath ? basename(name, ".json") : name, file);
}
