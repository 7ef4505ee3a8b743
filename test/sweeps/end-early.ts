/**
 * Run as a process of its own by run-sweep.test.ts: a sweep that fails, then one that is stopped.
 * It has to end by itself: a worker that nobody terminated would hold it for ever.
 */
import { paperGrid } from "../../src/sweeps/grid.ts";
import { runSweep } from "../../src/sweeps/run-sweep.ts";

const say = (error: Error) => console.log(error.message);

const { tasks } = paperGrid({ seeds: 40 });
const broken = [{ ...tasks[0], cells: [{ scheduler: { policy: "lifo" } }] }, ...tasks];
await runSweep(broken, { workers: 2 }).catch(say);

const controller = new AbortController();
await runSweep(tasks, {
  workers: 2,
  signal: controller.signal,
  onProgress: (done) => done > 0 && controller.abort(),
}).catch(say);
