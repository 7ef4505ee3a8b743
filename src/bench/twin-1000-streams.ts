import process from "node:process";
import { fileURLToPath } from "node:url";
import type { ServerConfigInput } from "../servers/continuous/config.ts";
import { startTwin } from "../twin/start-twin.ts";
import type { Benchmark, BenchmarkCase } from "./benchmark.ts";
import type { StreamsSeen } from "./streams-client.ts";

const CLIENT = fileURLToPath(new URL("./streams-client.ts", import.meta.url));

/** What is asked of the twin. */
interface Load {
  readonly flags: Partial<ServerConfigInput>;
  readonly streams: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/**
 * A twin in this process, its client in another. Returns the P99 of how late the twin wrote against
 * its clock; says on stderr what it cost.
 */
async function streams(name: string, load: Load): Promise<{ overriddenDuration: number }> {
  const twin = await startTwin({ flags: load.flags });
  const before = process.cpuUsage();
  const numbers = [load.streams, 1, load.promptTokens, load.outputTokens].map(String);
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CLIENT, twin.url, ...numbers],
    stderr: "inherit",
  }).output();
  const { user, system } = process.cpuUsage(before);
  const { lateness } = await twin.stop();
  if (!success) throw new Error(`Cannot measure ${name}: its client failed`);
  const seen: StreamsSeen = JSON.parse(new TextDecoder().decode(stdout));
  const expected = load.streams * (load.outputTokens + 1);
  if (seen.failed > 0 || seen.events !== expected) {
    throw new Error(
      `Cannot measure ${name}: ${seen.events} events of ${expected}, ${seen.failed} answers failed`,
    );
  }
  const ms = (seconds: number) => (1000 * seconds).toFixed(1);
  const cpu = (seconds: number) => (1e6 * seconds / seen.events).toFixed(1);
  console.error(
    `  ${name}: late P50 ${ms(lateness.p50)}, P99 ${ms(lateness.p99)}, at most ` +
      `${ms(lateness.max)} ms; ${Math.round(seen.events / seen.seconds)} events/s; CPU ` +
      `${cpu((user + system) / 1e6)} µs an event in the twin, ${
        cpu(seen.cpuSeconds)
      } in the client`,
  );
  return { overriddenDuration: Math.max(1000 * lateness.p99, 1e-3) };
}

/**
 * How far the twin falls behind its own clock: not the time of a run, but the P99 of lateness. The
 * benchmark's own row has the server's own 256 seats, so that of 1,000 open streams 256 get a token
 * with each step; beside it, all of them do.
 */
export const twin1000Streams: Benchmark = {
  name: "twin-1000-streams",
  description:
    "P99 ms that the twin is late on its clock: 1,000 streams, client in another process",
  barMs: 5,
  prepare({ smoke }) {
    const size = smoke ? { streams: 20, outputTokens: 8 } : { streams: 1000, outputTokens: 64 };
    const some = { ...size, flags: {}, promptTokens: 64 };
    const all = { ...size, flags: { max_num_seqs: 1024 }, promptTokens: 16 };
    const runs = { runs: 2, warmups: 0 };
    const cases: BenchmarkCase[] = [
      { name: "twin-1000-streams", run: () => streams("256 seats", some), ...runs },
      {
        name: "twin-1000-streams/all-run",
        run: () => streams("1,024 seats", all),
        comparison: true,
        ...runs,
      },
    ];
    return { cases };
  },
};
