import { InputError } from "../../errors/input-error.ts";
import { LineBlocks } from "../../workload/readers/parsing/line-blocks.ts";
import { IterationColumns } from "./iteration-columns.ts";
import { type IterationLine, readIterationLine } from "./iteration-line.ts";
import type { IterationLog, UnreadableLine } from "./engine-iterations.ts";
import { otherEngine } from "./other-engine.ts";
import { readStatsLine } from "./stats-line.ts";
import { StatsWindows } from "./stats-windows.ts";

/** Options of {@link readServerLog}. */
export interface ServerLogOptions {
  /**
   * Iterations that are kept at most. Of a longer log every second block of 512 is kept, or every
   * fourth, and so on.
   *
   * @default 131,072
   */
  readonly limit?: number;
}

/** What a log of a server says, by engine. */
export interface ServerLog {
  readonly source: string;
  /** Iterations by engine and start, in the order of their first lines; empty where none are logged. */
  readonly iterations: readonly Required<IterationLog>[];
  /** Windows between ordinary stats lines, by engine. */
  readonly stats: readonly StatsWindows[];
  /** Engines that a stats line sums up, at most; 1 where each engine has its own. */
  readonly aggregated: number;
  /** Whether the log says that draft tokens were tried (`SpecDecoding metrics`). */
  readonly speculates: boolean;
  /** Another engine whose log this seems to be; null where it is vLLM's or nobody's. */
  readonly otherEngine: string | null;
  /** Lines that name an iteration and could not be read: how many, and the first of them. */
  readonly unreadable: number;
  readonly unreadableLines: readonly UnreadableLine[];
  /** Lines that say again what the line before them said. */
  readonly repeated: number;
  /** Lines of other messages. */
  readonly otherLines: number;
}

/** Steps of a log that are kept at most; of more, an even part is. */
export const STEPS_KEPT = 2 ** 17;
const WINDOWS_KEPT = 4096;
const UNREADABLE_KEPT = 20;
const LINE_KEPT = 400;
/** Engines and restarts: more of them are a log whose lines are out of order. */
const MOST_SEQUENCES = 256;
/** Lines in which another engine is looked for, as long as nothing is vLLM's. */
const LINES_SEARCHED = 100_000;
/**
 * Bytes without one line of a scheduler after which a file is no server's log: a server prints one every
 * ten seconds. What has no end, such as a device, is given up there.
 */
const BYTES_SEARCHED = 64 * 2 ** 20;
// deno-lint-ignore no-control-regex -- colours of a terminal begin with it
const COLOURS = /\u001b\[[\d;]*m/g;

/**
 * Reads a server's log as a stream of plain text; `openServerLog` unpacks files.
 *
 * @param source name of the file, for errors
 */
export async function readServerLog(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  options: ServerLogOptions = {},
): Promise<ServerLog> {
  const reader = new ServerLogReader(source, options);
  const decoder = new TextDecoder();
  let taken = 0;
  const blocks = new LineBlocks(source, (bytes, start, end) => {
    const lines = decoder.decode(bytes.subarray(start, end)).split(/\r\n?|\n/);
    // What is behind the last line end is no line.
    for (let i = 0; i < lines.length - 1; i++) reader.push(lines[i]);
    taken += lines.length - 1;
  }, () => taken);
  let bytes = 0;
  for await (const chunk of chunks) {
    blocks.push(chunk);
    bytes += chunk.length;
    if (bytes > BYTES_SEARCHED && !reader.knows) throw notALog(source, bytes);
  }
  blocks.end();
  return reader.end();
}

function notALog(source: string, bytes: number): InputError {
  return new InputError({
    file: source,
    value: `${bytes} bytes without an iteration or a stats line`,
    expected: "a vLLM server's log, started with --enable-logging-iteration-details, or with its " +
      "stats lines; cut off what stands before the server's start",
  });
}

/**
 * Takes the lines of a server's log one by one. Lines of several engines may alternate: they are told
 * apart by who printed them, and by the numbers of their iterations, which go up by one. A number
 * that goes back begins another sequence: the engine was started again, or a second one prints
 * without a name.
 */
export class ServerLogReader {
  readonly #limit: number;
  #stride = 1;
  #kept = 0;
  #line = 0;
  #lastIteration = "";
  readonly #sequences = new Map<string, IterationColumns[]>();
  #sequenceCount = 0;
  readonly #stats = new Map<string, StatsWindows>();
  #other: string | null = null;
  readonly #unreadableLines: UnreadableLine[] = [];
  #unreadable = 0;
  #repeated = 0;
  #otherLines = 0;
  #speculates = false;
  #aggregated = 1;

  constructor(private readonly source: string, { limit = STEPS_KEPT }: ServerLogOptions = {}) {
    this.#limit = limit;
  }

  /** Whether any line was one of a scheduler's. */
  get knows(): boolean {
    return this.#kept > 0 || this.#unreadable > 0 || this.#stats.size > 0 || this.#other !== null;
  }

  push(text: string): void {
    this.#line++;
    const line = text.includes("\u001b") ? text.replace(COLOURS, "") : text;
    if (line.trim() === "") return;
    const iteration = readIterationLine(line);
    if (iteration === "unreadable") {
      this.#unreadable++;
      if (this.#unreadableLines.length < UNREADABLE_KEPT) {
        this.#unreadableLines.push({ line: this.#line, text: line.slice(0, LINE_KEPT) });
      }
      return;
    }
    if (iteration !== null) return this.#take(iteration, line);
    this.#otherLines++;
    const stats = readStatsLine(line);
    if (stats !== null) {
      this.#aggregated = Math.max(this.#aggregated, stats.engines);
      let windows = this.#stats.get(stats.printer);
      if (windows === undefined) {
        this.#countSequence();
        this.#stats.set(stats.printer, windows = new StatsWindows(stats.engine, WINDOWS_KEPT));
      }
      windows.push(stats);
    } else if (line.includes("SpecDecoding metrics:")) this.#speculates = true;
    else if (this.#otherLines <= LINES_SEARCHED && this.#sequenceCount === 0) {
      this.#other = otherEngine(line, this.#other);
    }
  }

  end(): ServerLog {
    const iterations = this.#logs();
    const known = iterations.length > 0 || this.#stats.size > 0;
    return {
      source: this.source,
      iterations,
      stats: [...this.#stats.values()],
      aggregated: this.#aggregated,
      speculates: this.#speculates,
      otherEngine: known ? null : this.#other,
      unreadable: this.#unreadable,
      unreadableLines: this.#unreadableLines,
      repeated: this.#repeated,
      otherLines: this.#otherLines,
    };
  }

  #take(iteration: IterationLine, line: string): void {
    // Two handlers of one logger print everything twice, to the second and the hundredth of a ms.
    if (line === this.#lastIteration && !Number.isNaN(iteration.printedAt)) {
      this.#repeated++;
      return;
    }
    this.#lastIteration = line;
    const sequence = this.#sequenceOf(iteration);
    if (!sequence.push(iteration, this.#line)) return;
    this.#kept++;
    if (this.#kept <= this.#limit) return;
    this.#stride *= 2;
    for (const each of this.#all()) this.#kept -= each.thin(this.#stride);
  }

  /**
   * The sequence that an iteration continues: the one whose last number is the one before; of several
   * the one with as many requests; where lines are missing, the one with the nearest number below.
   */
  #sequenceOf({ number, printer, engine, generationRequests }: IterationLine): IterationColumns {
    let of = this.#sequences.get(printer);
    if (of === undefined) this.#sequences.set(printer, of = []);
    let found: IterationColumns | undefined;
    for (const each of of) {
      if (!each.mayContinueWith(number)) continue;
      const nearer = found === undefined || each.last > found.last ||
        each.last === found.last && Math.abs(each.lastRequests - generationRequests) <
            Math.abs(found.lastRequests - generationRequests);
      if (nearer) found = each;
    }
    if (found !== undefined) return found;
    this.#countSequence();
    found = new IterationColumns(engine, this.#line, this.#stride);
    of.push(found);
    return found;
  }

  #countSequence(): void {
    if (++this.#sequenceCount <= MOST_SEQUENCES) return;
    throw new InputError({
      file: this.source,
      row: this.#line,
      expected: "iterations in the order in which they ran: their numbers went back, or another " +
        `engine printed, ${MOST_SEQUENCES} times`,
    });
  }

  *#all(): Generator<IterationColumns> {
    for (const sequences of this.#sequences.values()) yield* sequences;
  }

  /** Sequences of one engine one after the other are its runs; side by side they are two engines. */
  #logs(): Required<IterationLog>[] {
    const ends = new Map<string, number[]>();
    const runs = new Map<string, number>();
    return [...this.#all()].filter(({ kept }) => kept > 0)
      .sort((a, b) => a.firstLine - b.firstLine)
      .map((columns): Required<IterationLog> => {
        const { engine: name, firstLine, lastLine } = columns;
        const lanes = ends.get(name) ?? [];
        ends.set(name, lanes);
        const free = lanes.findIndex((end) => end < firstLine);
        const lane = free < 0 ? lanes.length : free;
        lanes[lane] = lastLine;
        const engine = lane === 0 ? name : `${name} (${lane + 1})`;
        const run = (runs.get(engine) ?? 0) + 1;
        runs.set(engine, run);
        const counts = (column: Parameters<IterationColumns["column"]>[0]) =>
          Int32Array.from(columns.column(column));
        return {
          source: this.source,
          engine,
          run,
          size: columns.kept,
          read: columns.read,
          idle: columns.idle,
          contextRequests: counts("contextRequests"),
          contextTokens: counts("contextTokens"),
          generationRequests: counts("generationRequests"),
          generationTokens: counts("generationTokens"),
          seconds: columns.column("seconds"),
          kvUsage: columns.column("kvUsage"),
          printedAt: columns.column("printedAt"),
          follows: columns.follows(),
          speculates: this.#speculates,
          unreadable: 0,
          refused: [],
          otherLines: 0,
        };
      });
  }
}
