import { readArenaMeasured, type ReadMeasured } from "../workload/readers/arena-measured.ts";
import { readArenaTrace, type ReadWorkload } from "../workload/readers/arena-trace.ts";
import { readBundled } from "./read-bundled.ts";

const TRACE = "vtc_arena/vtc_real_trace_27clients.csv";
const MEASURED = "vtc_arena/measured_a10g_llama7b_FCFS_real.jsonl.gz";

/** The bundled trace of 27 clients: 1,500 requests in 600 s. See {@link readArenaTrace}. */
export async function loadArenaTrace(): Promise<ReadWorkload> {
  return readArenaTrace(await readBundled(TRACE), `data/${TRACE}`);
}

/**
 * What FCFS on one A10G did with the requests of {@link loadArenaTrace}, row for row. See
 * {@link readArenaMeasured}.
 */
export async function loadArenaMeasured(): Promise<ReadMeasured> {
  return readArenaMeasured(await readBundled(MEASURED), `data/${MEASURED}`);
}
