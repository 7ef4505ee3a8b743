/**
 * The other side of `twin-1000-streams`, in a process of its own: opens streams at once and keeps as
 * many open until each place has had its number of answers. Arguments: URL, streams, rounds, prompt
 * tokens, output tokens. Prints `{events, failed, seconds, cpuSeconds}`.
 */
import { Agent, request } from "node:http";
import process from "node:process";

/** What the client saw. */
export interface StreamsSeen {
  /** Data events, `[DONE]` among them. */
  readonly events: number;
  /** Answers that broke off or had another status than 200. */
  readonly failed: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const NEWLINE = 10;

/** Events that end in `bytes`: each by an empty line. */
function countEvents(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 2)) {
    if (bytes[at + 1] === NEWLINE) count++;
  }
  return count;
}

/** One answer; resolves to its events, or to -1 when it failed. */
function answer(url: string, agent: Agent, body: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const sent = request(`${url}/v1/completions`, { method: "POST", agent, headers }, (reply) => {
      let events = 0;
      reply.on("data", (bytes: Uint8Array) => events += countEvents(bytes));
      reply.on("end", () => resolve(reply.statusCode === 200 ? events : -1));
      reply.on("error", () => resolve(-1));
    });
    sent.on("error", () => resolve(-1));
    sent.end(body);
  });
}

async function main([url, ...numbers]: readonly string[]): Promise<void> {
  const [streams, rounds, promptTokens, outputTokens] = numbers.map(Number);
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const body = JSON.stringify({
    prompt: Array(promptTokens).fill(7),
    max_tokens: outputTokens,
    ignore_eos: true,
    stream: true,
  });
  const start = performance.now();
  let events = 0, failed = 0;
  const place = async () => {
    for (let round = 0; round < rounds; round++) {
      const seen = await answer(url, agent, body);
      if (seen < 0) failed++;
      else events += seen;
    }
  };
  await Promise.all(Array.from({ length: streams }, place));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage();
  const seen: StreamsSeen = { events, failed, seconds, cpuSeconds: (user + system) / 1e6 };
  console.log(JSON.stringify(seen));
}

if (import.meta.main) {
  await main(process.argv.slice(2));
  process.exit(0);
}
