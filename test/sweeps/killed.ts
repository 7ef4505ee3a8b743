/**
 * Run as a process of its own by stores.test.ts: sweeps into the folder that is named and says how many
 * cells are done, until somebody kills it.
 */
import { paperGrid } from "../../src/paper/grid.ts";
import { runSweep } from "../../src/sweeps/run-sweep.ts";
import { FolderStore } from "../../src/sweeps/stores/folder-store.ts";

await runSweep(paperGrid({ seeds: 20, workload: { requests: 300 } }), {
  workers: 1,
  store: new FolderStore(Deno.args[0]),
  onProgress: (done) => console.log(done),
});
