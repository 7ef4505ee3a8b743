/**
 * Simulated servers: their scheduler, what a step costs, presets.
 *
 * @module
 */
export { Dispatch } from "../gateway/dispatch.ts";
export { Scheduler } from "../gateway/scheduler.ts";
export { ServerConfig } from "../servers/continuous/config.ts";
export { ContinuousEngine } from "../servers/continuous/engine.ts";
export { EVENT_NAMES } from "../servers/continuous/event-log.ts";
export { L4_QWEN15_1_8B_SERVER } from "../servers/continuous/presets.ts";
export { serve } from "../servers/continuous/serve.ts";
export { NO_REQUESTS } from "../servers/continuous/server-requests.ts";
export type { Gpu } from "../servers/costs/gpu.ts";
export type { ModelShape } from "../servers/costs/model-shape.ts";
export { describeSizedServer, premisesOf } from "../servers/describe-sized-server.ts";
export { gpuNamed, GPUS, L4 } from "../servers/gpus/bundled.ts";
export { gpuOfCard } from "../servers/gpus/card.ts";
export { modelNamed, MODELS, QWEN15_1_8B_CHAT } from "../servers/models/bundled.ts";
export { readModelConfig } from "../servers/models/model-config.ts";
export { serverFor, type ServerParts, sizeServer } from "../servers/sized-server.ts";
export {
  L4_QWEN15_1_8B,
  L4_QWEN25_7B,
  L4_QWEN25_7B_AWQ,
  L4_QWEN25_7B_FP8,
  L4_QWEN3_1_7B,
} from "../servers/costs/presets.ts";
export { physicalCost } from "../servers/costs/physical-cost.ts";
export { roofline } from "../servers/costs/roofline.ts";
export { stepCostOf } from "../servers/costs/server-file.ts";
export { OrderedQueue } from "../servers/policies/ordered-queue.ts";
export type { StepPower } from "../servers/costs/step-power.ts";
export type { Router, RouterDefinition } from "../gateway/routers/router.ts";
export type { Stage } from "../gateway/stage.ts";
export { GatewayOptions } from "../gateway/gateway-options.ts";
export { simulateWith } from "../simulation/simulate.ts";
