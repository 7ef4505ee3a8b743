import { answerModel } from "./answers/answer-model.ts";
import { completionFormat } from "./api/chunks.ts";
import { completionRequest } from "./api/request-schema.ts";
import { EngineRoom, type EngineRoomOptions } from "./engine-room.ts";
import { flightsOf, type GenerationParts } from "./generation.ts";
import { Lateness } from "./lateness.ts";
import { type Sink, StreamReply } from "./reply.ts";

const REQUESTS = 100;
const TOKENS = 32;
/** Sequences of the warm-up: its tokens must fit any server. */
const AT_ONCE = 10;

/** Nobody reads it. */
const sink: Sink = { openStream() {}, write() {}, end() {}, send() {}, reset() {} };

/**
 * Answers some requests that nobody sent, in a room that is thrown away, so that the code is compiled
 * before real time counts: the first requests would else be served several times slower.
 */
export async function warmUp(
  options: Omit<EngineRoomOptions, "clock" | "lateness" | "startedAt">,
  generation: GenerationParts,
): Promise<void> {
  let now = 0;
  const clock = { mode: "scaled" as const, speed: 1, now: () => now };
  const room = new EngineRoom({ ...options, clock, startedAt: 0, lateness: new Lateness() });
  const answer = answerModel(0, { model: "fraction-of-cap", meanFraction: 1, cv: 0 });
  const most = Math.min(TOKENS, generation.config.max_model_len - 1);
  for (let i = 0; i < REQUESTS; i++) {
    const request = completionRequest({ prompt: [1], max_tokens: most, stream: true });
    const id = `warm-up ${i}`;
    const flights = await flightsOf(request, id, { ...generation, answer });
    const format = completionFormat({ id, created: 0, model: options.model }, request);
    const parts = { id, request, flights, format, sink, fault: null, stamped: false };
    const reply = new StreamReply(parts, room);
    room.admit(reply, { now, arrival: now, priority: 0 });
    while (room.open.size === AT_ONCE || (i === REQUESTS - 1 && !room.idle)) {
      now = Math.max(now, room.due) + 1e-6;
      room.runTo(now);
      room.flushNow();
    }
  }
}
