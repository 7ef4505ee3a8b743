/**
 * Run as a process of its own by run-sweep.test.ts: a sweep that fails, then one that is stopped.
 * It has to end by itself: a worker that nobody terminated would hold it for ever.
 */
import { paperGrid } from "../../src/paper/grid.ts";
import { runSweep } from "../../src/sweeps/run-sweep.ts";

const say = (error: Error) => console.log(error.message);

const { cells } = paperGrid({ seeds: 40 });
const broken = { ...cells[0], options: { scheduler: { policy: "lifo" } } };
await runSweep({ cells: [broken, ...cells] }, { workers: 2, store: "off" }).catch(say);

const controller = new AbortController();
await runSweep({ cells }, {
  workers: 2,
  store: "off",
  signal: controller.signal,
  onProgress: (done) => done > 0 && controller.abort(),
}).catch(say);
