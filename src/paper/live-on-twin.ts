import { withEndings } from "../errors/with-endings.ts";
import { truthOf } from "../twin/workload-truth.ts";
import { startTwin } from "../twin/start-twin.ts";
import type { LiveCallbacks, LiveResult } from "../live/live.ts";
import type { LiveOptionsInput } from "../live/live-options.ts";
import type { Workload } from "../workload/workload.ts";
import { live } from "./live.ts";

/** Options of {@link liveOnTwin}: those of a live run, without what the twin decides. */
export type LiveOnTwinOptions =
  & Omit<LiveOptionsInput, "servers" | "time" | "prompt">
  & LiveCallbacks
  & {
    /** "virtual", or how many seconds of the run pass in a real one. @default "virtual" */
    readonly time?: "virtual" | number;
  };

/**
 * A live run in front of a twin that is started for it and stopped afterwards. The twin answers each
 * request with the workload's own length. In virtual time a warm-up is left out: nothing is cold.
 *
 * @example
 * const { run } = await liveOnTwin(workload, { dispatch: { rule: "in-flight", window: 16 } });
 */
export async function liveOnTwin(
  workload: Workload,
  { time = "virtual", warmUp = 0, ...options }: LiveOnTwinOptions = {},
): Promise<LiveResult> {
  const prompt = { prompts: "token-ids", answerLengths: "server" } as const;
  const truth = truthOf(workload, { prompt, seed: options.seed });
  const server = { truth, promptTokensDetails: true };
  const twin = await startTwin(
    time === "virtual" ? { ...server, clock: time } : { ...server, clock: "running", speed: time },
  );
  const run = () =>
    live(workload, {
      ...options,
      servers: [twin.url],
      time,
      warmUp: time === "virtual" ? 0 : warmUp,
      prompt,
    });
  return await withEndings(run, () => twin.stop());
}
