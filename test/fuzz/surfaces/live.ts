import { escapeControls } from "../../../src/errors/escape-controls.ts";
import { InputError } from "../../../src/errors/input-error.ts";
import { monotonicClock } from "../../../src/live/client/clock.ts";
import type { Exchange } from "../../../src/live/client/exchange.ts";
import { FAILURE_REASONS } from "../../../src/live/client/failure.ts";
import { ServerError } from "../../../src/live/client/fetch-page.ts";
import { VllmClient } from "../../../src/live/client/vllm-client.ts";
import { readJournal } from "../../../src/live/journal/read-journal.ts";
import { live as run } from "../../../src/live/live.ts";
import { type Random, uniformInt } from "../../../src/random/substream.ts";
import { readRunJson } from "../../../src/runs/read-run-json.ts";
import { readTrace } from "../../../src/traces/read-trace.ts";
import { handWorkload } from "../../support/workloads.ts";
import { mutated, pick } from "../mutate.ts";
import { type Ending, ENDINGS, rawServer } from "../raw-server.ts";
import type { Input, Prober, Surface } from "../surface.ts";

const STREAMS = new URL("../../fixtures/streams/", import.meta.url);
const PAGES = new URL("../../fixtures/vllm-0.30-cpu/", import.meta.url);
const encoder = new TextEncoder();
const INT32 = 2 ** 31 - 1;

/** Seconds of silence after which an attempt has stalled; an input may take some of them. */
const SILENCE = 0.1;
/** Milliseconds that one input may take: a run has several attempts, and pages that need not be there. */
const LONGEST = 9000;

const head = (type: string, more = "") => `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n${more}\r\n`;

function chunked(bytes: Uint8Array): Uint8Array {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const parts = text.match(/[^]{1,300}/g) ?? [];
  const body = parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("");
  return latin(`${head("text/event-stream", "transfer-encoding: chunked\r\n")}${body}0\r\n\r\n`);
}

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

function sized(type: string, bytes: Uint8Array): Uint8Array {
  const start = encoder.encode(head(type, `content-length: ${bytes.length}\r\n`));
  return Uint8Array.from([...start, ...bytes]);
}

const STRANGE = [
  "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
  "HTTP/1.1 103 Early\r\n\r\n".repeat(40),
  "HTTP/1.1 307 Moved\r\nlocation: /v1/elsewhere\r\ncontent-length: 0\r\n\r\n",
  "HTTP/1.1 307 Moved\r\nlocation: http://[\r\ncontent-length: 0\r\n\r\n",
  "HTTP/1.1 308 Moved\r\nlocation: //\r\ncontent-length: 0\r\n\r\n",
  "HTTP/1.1 429 Slow\r\nretry-after: 1e9\r\ncontent-length: 2\r\n\r\n{}",
  "HTTP/1.1 503 No\r\nretry-after: Fri, 31 Dec 9999 23:59:59 GMT\r\ncontent-length: 0\r\n\r\n",
  "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
  "HTTP/1.0 200 OK\r\n\r\ndata: [DONE]\n\n",
  "HTTP/1.1 204 None\r\n\r\n",
];

const COUNTS = ["3000000000", "2147483648", "-1", "1e300", "0", "1.5", "null", "9007199254740993"];

/** What is wrong with what a client says of an attempt, in words. */
function wrongExchange(exchange: Exchange, limit: number): string | null {
  const { outcome, usage, chunks, words, bytes, status } = exchange;
  if (outcome.kind === "failed") {
    if (!(FAILURE_REASONS as readonly string[]).includes(outcome.reason)) {
      return `a reason without a name: ${outcome.reason}`;
    }
    if (escapeControls(outcome.message) !== outcome.message || outcome.message.length > 2000) {
      return `a message of many lines, or characters: ${outcome.message.slice(0, 300)}`;
    }
    const { retryAfterSeconds: after = 0 } = outcome;
    if (!(after >= 0 && after < Infinity)) return `a wait of ${after} s`;
  }
  const { sent, headers, firstToken, lastToken, ended } = exchange;
  let before = -Infinity;
  for (const instant of [sent, headers, firstToken, lastToken, ended]) {
    if (Number.isNaN(instant)) continue;
    if (instant < before) return "instants out of order";
    before = instant;
  }
  const counts = { words, bytes, ...usage, status };
  for (const [name, count] of Object.entries(counts)) {
    if (count === null) continue;
    if (!Number.isInteger(count) || count < 0 || count > INT32) return `${name} is ${count}`;
  }
  if (chunks.tokens?.some((tokens) => tokens < 0)) return "an event with less than no tokens";
  return ended - sent > limit ? `an attempt of ${ended - sent} s` : null;
}

const workload = handWorkload({
  arrival: [0, 0, 0.01],
  outputTokens: [4, 4, 4],
  outputWords: [3, 3, 3],
  promptTokens: [3, 3, 3],
});

/** What servers say to the client of live runs. */
export const live: Surface = {
  name: "live",
  promise:
    "whatever bytes a server sends, each attempt ends once and in time with a reason that has " +
    "a name, nothing is uncaught, and the files of a run can be read by our own readers",
  shrinks: true,
  async open(): Promise<Prober> {
    const server = rawServer();
    const folder = await Deno.makeTempDir();
    const models = await Deno.readFile(new URL("models.json", PAGES));
    const metrics = await Deno.readFile(new URL("metrics/s3.txt", PAGES));
    const name = JSON.parse(new TextDecoder().decode(models)).data[0].id;
    const streams: Uint8Array[] = [];
    for (
      const { name } of [...Deno.readDirSync(STREAMS)].sort((a, b) => a.name < b.name ? -1 : 1)
    ) {
      if (!name.endsWith(".md")) streams.push(await Deno.readFile(new URL(name, STREAMS)));
    }
    const bodies = streams.map((bytes) => chunked(bytes));
    const seeds: Input[] = [...bodies, ...STRANGE.map(latin)].map((bytes) => ({
      kind: "attempt close",
      bytes,
    }));
    const good: Readonly<Record<string, Uint8Array>> = {
      "/v1/models": sized("application/json", models),
      "/metrics": sized("text/plain", metrics),
      "/version": sized("application/json", encoder.encode('{"version":"0.30.0"}')),
      "/health": sized("text/plain", new Uint8Array(0)),
    };
    const missing = latin("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    const clock = monotonicClock();
    const client = new VllmClient(server.url, clock, {
      apiKeyVariable: null,
      firstByteSeconds: 2 * SILENCE,
      betweenChunksSeconds: SILENCE,
    });
    // Who waits for any queue still has to see that a connection was closed.
    const patient = new VllmClient(server.url, clock, { apiKeyVariable: null });
    let runs = 0;
    const attempt = async (bytes: Uint8Array, ending: Ending) => {
      server.answer = () => ({ bytes, ending });
      const signal = AbortSignal.timeout(LONGEST / 3);
      const exchange = await (ending === "close" ? patient : client).complete({
        id: "hostile",
        model: "m",
        endpoint: "chat",
        messages: [{ role: "user", content: "hello" }],
        maxTokens: 16,
      }, { signal });
      if (signal.aborted) return "an attempt that outlives its connection";
      return wrongExchange(exchange, LONGEST / 1000);
    };
    const page = async (bytes: Uint8Array, ending: Ending) => {
      server.answer = () => ({ bytes, ending });
      try {
        await client.get("/metrics", { signal: AbortSignal.timeout(4 * 1000 * SILENCE) });
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
      }
      return null;
    };
    /** A whole run; the page that `path` names is what is hostile. */
    const whole = async (bytes: Uint8Array, path: string, ending: Ending) => {
      server.answer = (asked) => {
        if (asked.startsWith(path)) return { bytes, ending };
        if (asked.startsWith("/v1/completions")) return { bytes: bodies[0], ending: "keep" };
        return { bytes: good[asked] ?? missing, ending: "keep" };
      };
      const out = `${folder}/${runs++}`;
      try {
        await run(workload, {
          servers: [`${server.url}=${name}`],
          dispatch: { rule: "in-flight", window: 2 },
          retry: { attempts: 2, baseSeconds: 0.01, maxSeconds: 0.02 },
          health: { probeSeconds: 0.02, probeMaxSeconds: 0.05, giveUpSeconds: 0.2 },
          firstByteSeconds: 2 * SILENCE,
          betweenChunksSeconds: SILENCE,
          timeLimitSeconds: 3,
          drainSeconds: 0.1,
          warmUp: 0,
          out,
          telemetry: { nvidiaSmi: null, periodSeconds: 0.05 },
        });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        // Refused before the first request: then there is nothing to read.
        if (!exists(`${out}/journal.jsonl`)) return null;
      }
      return await wrongFiles(out);
    };
    return {
      seeds,
      draw(random) {
        const ending = pick(random, ENDINGS);
        const draw = random.next();
        // A page that is silent is waited for, longer than an input may take: it is closed.
        if (draw < 0.1) {
          return { kind: "run close /v1/models", bytes: mutated(good["/v1/models"], random) };
        }
        if (draw < 0.2) {
          return { kind: "run close /metrics", bytes: mutated(good["/metrics"], random) };
        }
        if (draw < 0.3) return { kind: `page ${ending}`, bytes: mutated(good["/metrics"], random) };
        const body = hostileBody(random, streams, bodies);
        return {
          kind: draw < 0.4 ? `run ${ending} /v1/completions` : `attempt ${ending}`,
          bytes: body,
        };
      },
      async check({ kind, bytes }) {
        const [what, ending, path] = kind.split(" ");
        const started = performance.now();
        const broken = what === "attempt"
          ? await attempt(bytes, ending as Ending)
          : what === "page"
          ? await page(bytes, ending as Ending)
          : await whole(bytes, path, ending as Ending);
        // What is thrown where nobody waits for it is thrown a little later.
        await new Promise((resolve) => setTimeout(resolve, 1));
        const took = performance.now() - started;
        return broken ?? (took > LONGEST ? `took ${Math.round(took)} ms` : null);
      },
      async close() {
        client.close();
        patient.close();
        await server.stop();
        await Deno.remove(folder, { recursive: true });
      },
    };
  },
};

/** An answer: a stream in good or broken chunks, whole in one, or something else altogether. */
function hostileBody(
  random: Random,
  streams: readonly Uint8Array[],
  bodies: readonly Uint8Array[],
): Uint8Array {
  const [one, other] = [pick(random, streams), pick(random, streams)];
  const draw = uniformInt(random, 10);
  if (draw === 9) {
    // What a server counts, at every limit.
    const count = pick(random, COUNTS);
    return chunked(latin(
      Array.from(one, (byte) => String.fromCharCode(byte)).join("").replace(
        /("(?:\w+_)?(?:tokens|n|count)":\s*)\d+/g,
        (whole, name) => random.next() < 0.5 ? `${name}${count}` : whole,
      ),
    ));
  }
  if (draw < 5) return chunked(mutated(one, random, other));
  if (draw < 7) return mutated(pick(random, bodies), random, pick(random, bodies));
  if (draw < 8) return sized("application/json", mutated(one, random, other));
  const strange = latin(pick(random, STRANGE));
  return random.next() < 0.3 ? strange : mutated(strange, random, pick(random, bodies));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** What our own readers refuse of the files of a run, in words. */
async function wrongFiles(out: string): Promise<string | null> {
  readJournal(Deno.readFileSync(`${out}/journal.jsonl`), "journal.jsonl");
  if (!exists(`${out}/run.json`)) return "a run that has ended without its run.json";
  readRunJson(Deno.readTextFileSync(`${out}/run.json`), "run.json");
  const csv = Deno.readTextFileSync(`${out}/requests.csv`);
  try {
    await readTrace(csv, { source: "requests.csv", format: "live-requests" });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // Where nothing was answered, or counted, there is no trace; anything else is our own fault.
    const empty = /set aside|trace is empty/.test(error.message);
    return empty ? null : `requests.csv is refused: ${error.message}`;
  }
  return null;
}
