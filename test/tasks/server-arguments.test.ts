import { beforeAll, expect, test } from "vitest";
import { serverOfArguments } from "../../src/tasks/server-arguments.ts";

const CONFIG = {
  architectures: ["Qwen3ForCausalLM"],
  ...{ num_hidden_layers: 28, hidden_size: 1024, intermediate_size: 3072, head_dim: 128 },
  ...{ num_attention_heads: 16, num_key_value_heads: 8, vocab_size: 151_936 },
  ...{ max_position_embeddings: 40_960, tie_word_embeddings: true },
};
const CARD = { name: "X", memory_bytes: 24e9, peak_bandwidth: 1e12, peak_bf16_flops: 2e14 };

let folder: string;
beforeAll(async () => {
  folder = await Deno.makeTempDir();
  return () => Deno.remove(folder, { recursive: true });
});

async function written(name: string, content: unknown): Promise<string> {
  const path = `${folder}/${name}`;
  await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
  await Deno.writeTextFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

test("a config.json and a card of one's own make a server, named by the checkpoint's folder", async () => {
  const model = await written("my-0.6b/config.json", CONFIG);
  const gpu = await written("x.json", CARD);
  const sized = await serverOfArguments({ model, gpu, precision: "fp8" });
  expect(sized!.server.name).toBe("my-0.6b (fp8) on X");
  expect(await serverOfArguments({})).toBeUndefined();
});

test("a checkpoint that is stored in fp8 is served so", async () => {
  const quantization_config = { quant_method: "fp8" };
  const model = await written("my-fp8/config.json", { ...CONFIG, quantization_config });
  expect((await serverOfArguments({ model, gpu: "L4" }))!.precision).toBe("fp8");
});

test("bad files are refused with file, field, value and what was expected", async () => {
  const gpu = "L4", model = "Qwen3-0.6B";
  const lacking = await written("a/config.json", { ...CONFIG, head_dim: undefined });
  await expect(serverOfArguments({ model: lacking, gpu }))
    .rejects.toThrow(/a\/config\.json, field head_dim: got undefined, expected an integer >= 1/);
  const refused = await written("b/config.json", { ...CONFIG, kv_lora_rank: 512 });
  await expect(serverOfArguments({ model: refused, gpu }))
    .rejects.toThrow(/b\/config\.json, field kv_lora_rank: got 512, .*latent attention/);
  const slow = await written("slow.json", { ...CARD, peak_bandwidth: undefined });
  await expect(serverOfArguments({ model, gpu: slow }))
    .rejects.toThrow(/slow\.json, field peak_bandwidth: got undefined, expected number/);
  const broken = await written("broken.json", "{");
  await expect(serverOfArguments({ model, gpu: broken })).rejects.toThrow(/broken\.json: .*JSON/);
  await expect(serverOfArguments({ model: `${folder}/none.json`, gpu })).rejects.toThrow(
    /none\.json/,
  );
  await expect(serverOfArguments({ model, gpu, tp: "two" }))
    .rejects.toThrow(/command line, field --tp: got "two", expected a number/);
});
