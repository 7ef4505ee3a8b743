import { liveClock } from "../../src/live/live-clock.ts";

/**
 * A process of its own that does nothing but wait for instants 5 ms apart and prints how late it was
 * at each, in milliseconds: what the machine does to any process. Argument: seconds.
 */
const clock = liveClock();
const never = new AbortController().signal;
const late: number[] = [];
for (let instant = 0.005; instant < Number(Deno.args[0]); instant += 0.005) {
  await clock.waitUntil(instant, never);
  late.push(1000 * (clock.now() - instant));
}
console.log(JSON.stringify(late));
