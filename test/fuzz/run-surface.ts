import { substream } from "../../src/random/substream.ts";
import { corpusOf } from "./corpus.ts";
import { type ShrinkLimits, shrunk } from "./shrink.ts";
import type { Input, Prober, Surface } from "./surface.ts";

/** How long a surface is attacked, and with which inputs. */
export interface AttackOptions {
  readonly seed: number;
  /** Milliseconds; the corpus is replayed whatever that takes. @default no limit */
  readonly milliseconds?: number;
  /** Inputs drawn at most. @default no limit */
  readonly inputs?: number;
  /** The number of the first input drawn: each has one, and is the same whichever came before. @default 0 */
  readonly first?: number;
  /** Whether the corpus is replayed first. @default true */
  readonly replay?: boolean;
  /** Told of each input before it is tried, so that one that never ends is known. */
  readonly onInput?: (input: string) => void;
  /** @default as of `shrunk` */
  readonly shrink?: ShrinkLimits;
}

/** A promise that an input has broken. */
export interface Finding {
  readonly surface: string;
  /** The number of the input; or its file in the corpus. */
  readonly input: number | string;
  readonly kind: string;
  /** What was broken, in words. */
  readonly broken: string;
  /** The input, made as small as it could be. */
  readonly bytes: Uint8Array;
  /** Inputs of this run that broke the same. */
  count: number;
  /** The command that repeats it. */
  readonly command: string;
}

/** What came of attacking one surface. */
export interface AttackReport {
  readonly surface: string;
  readonly seed: number;
  readonly inputs: number;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** Milliseconds that one input may take. */
const LONGEST = 10_000;
/** Bytes by which the memory of the process may grow over one input. */
const MOST_MEMORY = 1024 * 2 ** 20;

/** Gives a surface the inputs of its corpus, then those of a seed, and says what broke its promise. */
export async function attack(surface: Surface, options: AttackOptions): Promise<AttackReport> {
  const { seed, milliseconds = Infinity, inputs = Infinity, first = 0 } = options;
  const started = performance.now();
  const uncaught: unknown[] = [];
  const release = catching(uncaught);
  const prober = await surface.open();
  const findings: Finding[] = [];
  let tried = 0;
  const tryOne = async (input: Input, name: number | string) => {
    tried++;
    options.onInput?.(`${surface.name} ${name}`);
    const broken = await judge(prober, input, uncaught);
    if (broken === null) return;
    const same = findings.find((each) => likeness(each.broken) === likeness(broken));
    if (same !== undefined) {
      same.count++;
      return;
    }
    const bad = async (bytes: Uint8Array) => {
      const found = await judge(prober, { ...input, bytes }, uncaught);
      return found !== null && likeness(found) === likeness(broken);
    };
    findings.push({
      surface: surface.name,
      input: name,
      kind: input.kind,
      broken,
      bytes: surface.shrinks ? await shrunk(input.bytes, bad, options.shrink) : input.bytes,
      count: 1,
      command: typeof name === "number"
        ? `deno task fuzz --surface ${surface.name} --seed ${seed} --input ${name}`
        : `deno task fuzz --surface ${surface.name} --inputs 0`,
    });
  };
  try {
    if (options.replay ?? true) {
      for (const { file, ...input } of await corpusOf(surface.name)) await tryOne(input, file);
    }
    const until = performance.now() + milliseconds;
    for (let n = first; n < first + inputs && performance.now() < until; n++) {
      await tryOne(prober.draw(substream(seed, `fuzz/${surface.name}/${n}`)), n);
    }
  } finally {
    await prober.close();
    release();
  }
  const seconds = (performance.now() - started) / 1000;
  return { surface: surface.name, seed, inputs: tried, findings, seconds };
}

/** What an input breaks; an exception, too much time and too much memory break every promise. */
async function judge(
  prober: Prober,
  input: Input,
  uncaught: unknown[],
): Promise<string | null> {
  uncaught.length = 0;
  const [started, memory] = [performance.now(), memoryOf()];
  try {
    const broken = await prober.check(input);
    if (uncaught.length > 0) return `nobody caught ${stackOf(uncaught[0])}`;
    if (broken !== null) return broken;
  } catch (error) {
    if (uncaught.length > 0) return `nobody caught ${stackOf(uncaught[0])}`;
    return `threw ${stackOf(error)}`;
  }
  const took = performance.now() - started;
  if (took > LONGEST) return `took ${Math.round(took / 1000)} s`;
  const grown = memoryOf() - memory;
  return grown > MOST_MEMORY ? `took ${Math.round(grown / 2 ** 20)} MB of memory` : null;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

/** Gathers what would end the process. Returns what ends the gathering. */
function catching(uncaught: unknown[]): () => void {
  const take = (event: Event) => {
    event.preventDefault();
    uncaught.push((event as PromiseRejectionEvent).reason ?? (event as ErrorEvent).error);
  };
  globalThis.addEventListener("error", take);
  globalThis.addEventListener("unhandledrejection", take);
  return () => {
    globalThis.removeEventListener("error", take);
    globalThis.removeEventListener("unhandledrejection", take);
  };
}

function memoryOf(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** A sentence without what differs from input to input. */
function likeness(broken: string): string {
  return broken.split("\n").slice(0, 3).join("\n").replace(/"[^"]*"|\d+(\.\d+)?/g, "#")
    .slice(0, 200);
}
