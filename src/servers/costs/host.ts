import type { FrontEndCost } from "../continuous/front-end.ts";
import { DELIVERY_SECONDS, HOST_PAUSE } from "../gpus/card-kernels.ts";

/**
 * What the machine around a GPU costs: its CPU plans and launches steps, and runs the front end. A step
 * with prompts in it has one CUDA graph a layer (piecewise), one that decodes alone has a single graph.
 * Seconds.
 */
export interface Host {
  readonly name: string;
  /** Before the first kernel of a step: planning, inputs, and so much more for each sequence. */
  readonly prepareSeconds: number;
  readonly preparePerSequence: number;
  /** Host's whole part of a step by layer of the model: with a single graph, with one a layer. */
  readonly fullGraphPerLayer: number;
  readonly piecewisePerLayer: number;
  /** Without graphs (`enforce_eager`). */
  readonly eagerPerLayer: number;
  /** Passing a token on to its client, in the one process that speaks HTTP. */
  readonly deliverySeconds: number;
  readonly frontEnd: FrontEndCost;
  readonly source: string;
}

/** Kernels that a layer launches without graphs; seconds of a launch on the L4's host. */
const LAUNCHES_PER_LAYER = 10;
const LAUNCH_SECONDS = 8.72e-6;

/**
 * The machine of the L4 that was measured. Of its numbers the front end's are fitted to load points
 * (`fitPhysical`), the others measured: 12.1 ms for 28 layers with piecewise graphs; what a synchronous
 * engine adds to each step, 1 to 2 ms and 18 µs a sequence.
 */
export const CLOUD_HOST: Host = {
  name: "cloud VM with 24 vCPU",
  prepareSeconds: HOST_PAUSE.V1.seconds,
  preparePerSequence: HOST_PAUSE.V1.perSequence,
  fullGraphPerLayer: 50e-6,
  piecewisePerLayer: 12.1e-3 / 28,
  eagerPerLayer: LAUNCHES_PER_LAYER * LAUNCH_SECONDS,
  deliverySeconds: DELIVERY_SECONDS.value,
  frontEnd: {
    cpuSeconds: 1.69e-3,
    latencySeconds: 5.18e-3,
    service: "shared",
  },
  source: "ish-codes-magic/bytes-per-token (MIT): vLLM 0.30 on an L4 in a 24-vCPU container; " +
    "vllm issue 10634 and gpustack's A100 and H100 pairs for the synchronous engine",
};
