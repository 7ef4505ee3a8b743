import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { twinArguments } from "../../src/tasks/twin.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const read = async (args: readonly string[], key?: string) =>
  (await twinArguments(args, (name) => name === "VLLM_API_KEY" ? key : undefined))!.options;

test("vLLM's flags set vLLM's fields", async () => {
  const options = await read([
    "--server=l4-qwen3-1.7b",
    "--max-num-seqs=64",
    "--max-num-batched-tokens=4K",
    "--max-model-len=8k",
    "--num-gpu-blocks-override=900",
    "--scheduling-policy=priority",
    "--no-async-scheduling",
    "--watermark=0.01",
    "--enable-per-request-metrics",
    "--served-model-name=m",
  ]);
  expect(options).toMatchObject({
    server: "l4-qwen3-1.7b",
    host: undefined,
    port: 8000,
    clock: "running",
    servedModelName: "m",
    perRequestMetrics: true,
    apiKeys: [],
    flags: {
      max_num_seqs: 64,
      max_num_batched_tokens: 4096,
      max_model_len: 8000,
      num_gpu_blocks: 900,
      scheduling_policy: "priority",
      async_scheduling: false,
      watermark: 0.01,
    },
  });
});

test("the prefix cache is on or off, and told of, by vLLM's own flags", async () => {
  const plain = await read([]);
  expect(plain).toMatchObject({ promptTokensDetails: false, devMode: false });
  expect(plain.flags).not.toHaveProperty("enable_prefix_caching");
  const on = await read(["--enable-prefix-caching", "--enable-prompt-tokens-details"]);
  expect(on).toMatchObject({ promptTokensDetails: true, flags: { enable_prefix_caching: true } });
  const off = await read(["--no-enable-prefix-caching"]);
  expect(off.flags).toEqual({ enable_prefix_caching: false });
});

test("the development mode comes from the environment, as vLLM reads it", async () => {
  const mode = async (value: string) =>
    (await twinArguments([], (name) => name === "VLLM_SERVER_DEV_MODE" ? value : undefined))!
      .options.devMode;
  expect(await Promise.all(["1", "0", "2"].map(mode))).toEqual([true, false, true]);
  await expect(mode("yes")).rejects.toThrow(
    /environment, field VLLM_SERVER_DEV_MODE: got "?yes"?/,
  );
});

test("the key comes from the environment, and from there alone", async () => {
  expect((await read([], "secret")).apiKeys).toEqual(["secret"]);
  await expect(read(["--api-key", "secret"])).rejects.toThrow(InputError);
});

test("a model on a card is a server, its flags in its configuration", async () => {
  const parts = ["--model=Qwen/Qwen3-8B", "--gpu=RTX 4090", "--precision=fp8"];
  const { server, servedModelName, flags } = await read([...parts, "--max-num-seqs=64"]);
  expect(servedModelName).toBe("Qwen3-8B");
  expect(server).toMatchObject({
    name: "Qwen3-8B (fp8) on NVIDIA RTX 4090",
    config: { max_num_seqs: 64, max_num_batched_tokens: 2048, max_model_len: 40_960 },
  });
  expect(flags).toEqual({});
});

test.each([
  [["--max-num-seqs=many"], /field --max-num-seqs: got "?many"?, expected a number/],
  [["--faults={"], /field --faults: .*expected JSON/],
  [["--virtual", "--speed=2"], /field --speed/],
  [["--bogus"], /known options/],
  [["--model=Qwen3-8B"], /field --gpu: got undefined, expected a card beside --model/],
  [["--tp=2"], /field --tp: got "2", expected --model and --gpu beside it/],
  [["--model=Qwen3-8B", "--gpu=H200", "--server=x"], /field --server: got "x", expected no server/],
])("%j is refused", async (args, message) => {
  await expect(read(args)).rejects.toThrow(message);
});

test("runs until it is told to stop, then ends open streams and exits with 0", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "src/tasks/twin.ts", "--port=0", "--json"],
    cwd: root,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const first = await lines.read();
  const { url, model } = JSON.parse(first.value!);
  expect(model).toBe("Qwen1.5-1.8B-Chat");
  const response = await fetch(`${url}/v1/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ prompt: [1], max_tokens: 2000, ignore_eos: true, stream: true }),
  });
  const text = response.text();
  await new Promise((resolve) => setTimeout(resolve, 100));
  child.kill("SIGTERM");
  expect(await text).toMatch(/"finish_reason":"abort".*\n\ndata: \[DONE\]\n\n$/);
  const { value } = await lines.read();
  expect(JSON.parse(value!)).toMatchObject({ requests: 1, lateness: { max: expect.any(Number) } });
  lines.releaseLock();
  expect((await child.status).code).toBe(0);
});
