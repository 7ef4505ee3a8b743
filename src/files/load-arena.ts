import { arenaMeasured } from "../workload/readers/formats/arena-measured.ts";
import { arenaTrace } from "../workload/readers/formats/arena-trace.ts";
import { readWhole } from "../workload/readers/read-whole.ts";
import type { ReadTrace } from "../workload/readers/trace-format.ts";
import { readBundled } from "./read-bundled.ts";

const TRACE = "vtc_arena/vtc_real_trace_27clients.csv";
const MEASURED = "vtc_arena/measured_a10g_llama7b_FCFS_real.jsonl.gz";

/** The bundled trace of 27 clients: 1,500 requests in 600 s. See {@link arenaTrace}. */
export async function loadArenaTrace(): Promise<ReadTrace> {
  return readWhole(arenaTrace, await readBundled(TRACE), `data/${TRACE}`);
}

/**
 * What FCFS on one A10G did with the requests of {@link loadArenaTrace}, row for row. See
 * {@link arenaMeasured}.
 */
export async function loadArenaMeasured(): Promise<ReadTrace> {
  return readWhole(arenaMeasured, await readBundled(MEASURED), `data/${MEASURED}`);
}
