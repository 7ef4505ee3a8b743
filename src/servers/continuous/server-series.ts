import { StepFunction } from "./step-function.ts";

/** What a server's gauges would show, without the gaps between two readings. */
export class ServerSeries {
  /** Sequences in the step that the device computes. */
  readonly batchSize = new StepFunction();
  /** KV blocks that requests hold. */
  readonly kvBlocks = new StepFunction();
  /** Requests that wait, preempted ones among them. */
  readonly queueDepth = new StepFunction();
  /** Preemptions so far. */
  readonly preemptions = new StepFunction();
}
