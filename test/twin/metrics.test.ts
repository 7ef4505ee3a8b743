import parsePrometheus from "parse-prometheus-text-format";
import { expect, test } from "vitest";
import { TwinClient } from "./twin-client.ts";

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value?: string;
  readonly buckets?: Readonly<Record<string, string>>;
  readonly count?: string;
  readonly sum?: string;
}
interface Family {
  readonly name: string;
  readonly type: string;
  readonly metrics: readonly Sample[];
}

const parse = (text: string) => parsePrometheus(text) as unknown as Family[];

const recorded = new URL("../fixtures/vllm-0.30-cpu/metrics/s1.txt", import.meta.url);

/** A family's outside: type, label sets without values of the model's, buckets. */
function shape({ type, metrics }: Family) {
  const labels = new Set(metrics.map((each) => Object.keys(each.labels ?? {}).sort().join(",")));
  const bounds = new Set(metrics.map((each) => Object.keys(each.buckets ?? {}).sort().join(",")));
  return { type, labels: [...labels], bounds: [...bounds] };
}

test("shows every family of a real server under its name, type, labels and buckets", async () => {
  const client = await TwinClient.start({ flags: { max_model_len: 4096 } });
  await client.answer({ max_tokens: 2 });
  const response = await client.get("/metrics");
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  const ours = new Map(parse(text).map((family) => [family.name, family]));
  const theirs = parse(await Deno.readTextFile(recorded));
  for (const family of theirs) {
    // Facts of another process and another language.
    if (/^(python_|process_)/.test(family.name)) continue;
    const own = ours.get(family.name);
    expect(own, family.name).toBeDefined();
    expect({ name: family.name, ...shape(own!) }).toEqual({ name: family.name, ...shape(family) });
  }
  // Bounds are compared as text by some: as Python writes them.
  expect(text).toContain('vllm:iteration_tokens_total_bucket{le="8.0",');
  const known = new Set(theirs.map(({ name }) => name));
  expect([...ours.keys()].filter((name) => !known.has(name)))
    .toEqual(["driftsched_twin_lateness_seconds"]);
  await client.stop();
});

test("counts what happened", async () => {
  const client = await TwinClient.start({
    flags: {
      num_gpu_blocks: 30,
      max_model_len: 400,
      block_size: 16,
      enable_prefix_caching: false,
    },
  });
  const asked = [];
  for (let i = 0; i < 4; i++) {
    const prompt = Array(100).fill(5);
    asked.push(
      await client.completion({ prompt, stream: true, max_tokens: 80, ignore_eos: true }, `r${i}`),
    );
  }
  const families = async () =>
    new Map(parse(await (await client.get("/metrics")).text()).map((each) => [each.name, each]));
  const value = async (name: string, label?: readonly [string, string]) =>
    Number(
      (await families()).get(name)!.metrics
        .find(({ labels }) => label === undefined || labels?.[label[0]] === label[1])!.value,
    );
  await client.advance(0.6);
  // One was preempted by then.
  expect(await value("vllm:num_requests_running")).toBe(3);
  expect(await value("vllm:num_requests_waiting")).toBe(1);
  expect(await value("vllm:kv_cache_usage_perc")).toBeGreaterThan(0.9);
  await client.drain();
  expect(await value("vllm:kv_cache_usage_perc")).toBe(0);
  expect(await value("vllm:prompt_tokens_total")).toBe(400);
  expect(await value("vllm:generation_tokens_total")).toBe(320);
  expect(await value("vllm:request_success_total", ["finished_reason", "length"])).toBe(4);
  expect(await value("vllm:num_preemptions_total")).toBeGreaterThan(0);
  const text = await (await client.get("/metrics")).text();
  const line = (name: string) => Number(new RegExp(`^${name}{[^}]*} (.*)$`, "m").exec(text)?.[1]);
  expect(line("vllm:inter_token_latency_seconds_count")).toBe(316);
  expect(line("vllm:iteration_tokens_total_sum")).toBe(720);
  expect(line("vllm:e2e_request_latency_seconds_count")).toBe(4);
  expect(line("vllm:request_num_preemptions_sum")).toBe(line("vllm:num_preemptions_total"));
  const info = (await families()).get("vllm:cache_config_info")!.metrics[0].labels;
  expect(info).toMatchObject({
    enable_prefix_caching: "False",
    num_gpu_blocks: "30",
    num_gpu_blocks_override: "30",
    block_size: "16",
  });
  expect(await value("http_requests_total", ["handler", "/v1/completions"])).toBe(4);
  await Promise.all(asked.map((each) => each.text()));
  await client.stop();
});
