import { openTrace } from "../../src/traces/open-trace.ts";

/**
 * A process of its own that reads a trace and prints, as JSON, what came of it and the most memory
 * that the process ever had, in megabytes, as Linux counts it. Argument: the file.
 */
let outcome: string;
try {
  const { report } = await openTrace(Deno.args[0]);
  outcome = `${report.rowsKept} rows`;
} catch (error) {
  outcome = `${(error as Error).name}: ${(error as Error).message}`;
}
const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(await Deno.readTextFile("/proc/self/status"))!;
console.log(JSON.stringify({ outcome, megabytes: Number(kilobytes) / 1000 }));
