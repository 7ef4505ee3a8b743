// Prints as JSON how many bytes of heap each of several loops takes a request, once it is warm. To
// be run with a young generation that holds a whole run, so that nothing is collected in between.
import { burstgptLike } from "../../../../src/servers/continuous/bench/burstgpt-like.ts";
import { serve } from "../../../../src/servers/continuous/serve.ts";
import { L4_QWEN3_1_7B as cost } from "../../../../src/servers/costs/presets.ts";

const REQUESTS = 30_000;
const ROUNDS = 15;

const SERVER = { max_model_len: 4096, num_gpu_blocks: 8933 };
const SHORT_OF_KV = { ...SERVER, num_gpu_blocks: 1200, enable_prefix_caching: false };

const at = (rate: number) => burstgptLike(REQUESTS, { seed: 1, rate, maxModelLen: 4096 });
const calm = at(3), busy = at(5);

const LOOPS: Readonly<Record<string, () => unknown>> = {
  async: () => serve(calm, SERVER, { cost }),
  sync: () => serve(calm, { ...SERVER, async_scheduling: false }, { cost }),
  "short of KV": () => serve(busy, SHORT_OF_KV, { cost }),
  "by priority": () => serve(busy, { ...SHORT_OF_KV, scheduling_policy: "priority" }, { cost }),
  // Who is preempted is remembered, and which blocks were its own.
  "finding own blocks": () =>
    serve(busy, { ...SHORT_OF_KV, enable_prefix_caching: true }, { cost }),
  // What the meter shows of a loop that makes one small object a request.
  "an object each": () => Array.from({ length: REQUESTS }, (_, request) => ({ request })),
};

/** The least over the rounds: those before the code is compiled take more. */
function bytesPerRequest(loop: () => unknown): number {
  const grown = Array.from({ length: ROUNDS }, () => {
    const before = Deno.memoryUsage().heapUsed;
    loop();
    return Deno.memoryUsage().heapUsed - before;
  });
  // Something was collected meanwhile where it is negative.
  return Math.min(...grown.filter((bytes) => bytes >= 0)) / REQUESTS;
}

console.log(JSON.stringify(
  Object.fromEntries(Object.entries(LOOPS).map(([name, loop]) => [name, bytesPerRequest(loop)])),
));
