import { type CsvCell, csvChunks } from "../../csv/write-csv.ts";
import { BLIS_EXTRA, BlisRow, SLO_CLASSES } from "../readers/formats/blis-trace.ts";
import { blisBlocks, type BlisPrompt, shareAlike } from "../readers/formats/blis-blocks.ts";
import { joinRequests } from "../transforms/join-requests.ts";
import type { Labels, Requests } from "../workload.ts";
import { checkNames } from "./check-names.ts";
import { coarserTimes, isDefault, lossesOf, onOneClock, ticking, usedNames } from "./losses.ts";
import type { TraceToWrite, TraceWriter } from "./trace-writer.ts";

const { texts: TEXTS, counts: COUNTS, microseconds: TIMES } = BLIS_EXTRA;
/** BLIS's own columns; the others of its later versions are written where there is something. */
const LATER = ["vllm_priority", "slo_target_us", "input_tokens_reset", "x_request_id", "adapter"];

const STATUS: Readonly<Record<string, string>> = {
  failed: "error",
  rejected: "error",
  cancelled: "timeout",
};

/**
 * BLIS's TraceV2: a CSV file and a YAML header, whole microseconds. Tiers are classes of service, their
 * urgency vLLM's priority; measured times and requests without an answer are kept.
 */
export const blisWriter: TraceWriter = {
  name: "blis-tracev2",
  title: "BLIS TraceV2",
  extension: ".csv",
  companionExtensions: { header: ".yaml" },
  write(trace) {
    const table = new BlisTable(trace);
    const mode = trace.measured ? "real" : "generated";
    return {
      chunks: { [Symbol.iterator]: () => csvChunks(table.header, table.rows()) },
      companions: {
        header: `trace_version: 2\ntime_unit: microseconds\nmode: ${mode}\nwarm_up_requests: 0\n`,
      },
      lost: table.losses(),
    };
  },
};

type CellOf = (row: number) => CsvCell;
const column = (requests: Requests, name: string) => requests.extra?.[name];

/** The rows of a trace in BLIS's columns. */
class BlisTable {
  readonly header: readonly string[];
  readonly #requests: Requests;
  readonly #from: Int32Array;
  readonly #cells: readonly CellOf[];
  /** Columns of `extra` that are written. */
  readonly #kept: readonly string[];
  readonly #ranks: ReadonlyMap<string, number>;

  constructor(private readonly trace: TraceToWrite) {
    const { workload: { requests: served }, unserved } = trace;
    const clock = ticking(served, 1e6);
    const joined = unserved && joinRequests(clock, ticking(unserved.requests, 1e6));
    const requests = this.#requests = joined?.requests ?? clock;
    this.#from = joined?.from ?? Int32Array.from(served.arrival.keys());
    this.#kept = [...TEXTS, ...COUNTS, ...TIMES].filter((name) => {
      const values = column(requests, name);
      if (values === undefined) return false;
      if ((TEXTS as readonly string[]).includes(name)) return "codes" in values;
      return !("codes" in values) && values.every((value) => value >= -1 || Number.isNaN(value));
    });
    const prefix = this.#kept.includes("prefix_length");
    if (prefix && !fits(column(requests, "prefix_length") as Int32Array, requests.promptTokens)) {
      this.#kept = this.#kept.filter((name) => name !== "prefix_length");
    }
    this.#ranks = new Map(usedNames(requests.tier).map((name, rank) => [name, rank]));
    const text = (name: string) => {
      const labels = column(requests, name);
      return this.#kept.includes(name) ? labels as Labels : undefined;
    };
    checkNames({
      tenant: requests.tenant,
      tier: requests.tier,
      session: requests.session,
      model: requests.model,
      ...Object.fromEntries(TEXTS.map((name) => [name, text(name)])),
    }, { empty: ["session", "model", ...TEXTS] });
    const cells = this.#cellsOf();
    this.header = Object.keys(BlisRow.shape)
      .filter((name) => !LATER.includes(name) || this.#isThere(name));
    this.#cells = this.header.map((name) => cells[name] ?? (() => ""));
  }

  *rows(): Generator<CsvCell[]> {
    for (let row = 0; row < this.#requests.size; row++) {
      yield this.#cells.map((cell) => cell(row));
    }
  }

  #isThere(name: string): boolean {
    if (name === "vllm_priority" && this.#ranks.size > 1) return true;
    return this.#kept.includes(name);
  }

  #cellsOf(): Readonly<Record<string, CellOf>> {
    const requests = this.#requests;
    const { measured, unserved, workload: { requests: served, truth } } = this.trace;
    const of = <T>(row: number, a: (row: number) => T, b: (row: number) => T): T =>
      this.#from[row] < served.size ? a(this.#from[row]) : b(this.#from[row] - served.size);
    const name = (labels: Labels | undefined): CellOf => (row) =>
      labels === undefined ? "" : labels.names[labels.codes[row]];
    const text = (field: string) =>
      name(this.#kept.includes(field) ? column(requests, field) as Labels : undefined);
    const number = (field: string): CellOf => {
      if (!this.#kept.includes(field)) return () => 0;
      const values = column(requests, field) as Int32Array | Float64Array;
      return (row) => values[row] > 0 ? Math.round(values[row]) : 0;
    };
    const us = (seconds: number | undefined) =>
      seconds === undefined || Number.isNaN(seconds) ? 0 : Math.round(seconds * 1e6);
    const prefix = number("prefix_length");
    const group = text("prefix_group");
    const counted = number("server_input_tokens");
    const arrival: CellOf = (row) => us(requests.arrival[row]);
    const status = unserved?.status;
    return {
      ...Object.fromEntries(TEXTS.map((field) => [field, text(field)])),
      ...Object.fromEntries([...COUNTS, ...TIMES].map((field) => [field, number(field)])),
      ...!this.#kept.includes("streaming") && { streaming: () => "true" },
      request_id: (row) => row,
      tenant_id: isDefault(requests.tenant) ? () => "" : name(requests.tenant),
      slo_class: isDefault(requests.tier) ? () => "" : name(requests.tier),
      ...!this.#kept.includes("vllm_priority") && {
        vllm_priority: (row) => this.#ranks.get(requests.tier.names[requests.tier.codes[row]])!,
      },
      // A count that is recorded is what a reader takes for the prompt's length.
      server_input_tokens: (row) =>
        counted(row) && group(row) === "" ? requests.promptTokens[row] : counted(row),
      session_id: name(requests.session),
      input_tokens: (row) => requests.promptTokens[row] - (prefix(row) as number),
      output_tokens: (row) => of(row, (at) => truth.outputTokens[at], () => 0),
      reason_ratio: () => 0,
      model: name(requests.model),
      arrival_time_us: arrival,
      send_time_us: (row) => of(row, (at) => us(measured?.sent?.[at]), () => 0) || arrival(row),
      first_chunk_time_us: (row) => of(row, (at) => us(measured?.firstToken?.[at]), () => 0),
      last_chunk_time_us: (row) =>
        of(row, (at) => us(measured?.finish?.[at]), (at) => us(unserved?.finish?.[at])),
      num_chunks: () => 0,
      status: (row) =>
        of(row, () => "ok", (at) => STATUS[status!.names[status!.codes[at]]] ?? "error"),
    };
  }

  /** Whether the columns say of what prompts share what the workload does. */
  #blocksAreHeld(): boolean {
    const { requests, truth } = this.trace.workload;
    const labels = (values: Labels | undefined, row: number) =>
      values === undefined ? "" : values.names[values.codes[row]];
    const own = <T>(name: string) =>
      (this.#kept.includes(name) ? column(requests, name) : undefined) as
        | T
        | undefined;
    const group = own<Labels>("prefix_group");
    const prefix = own<Int32Array>("prefix_length");
    const round = own<Int32Array>("round_index");
    const prompts = Array.from(truth.outputTokens, (output, row): BlisPrompt => {
      const shared = Math.max(0, prefix?.[row] ?? 0);
      return {
        group: labels(group, row),
        prefix: shared,
        input: requests.promptTokens[row] - shared,
        output,
        session: labels(requests.session, row),
        round: Math.max(0, round?.[row] ?? 0),
      };
    });
    return shareAlike(requests.promptBlocks, blisBlocks(prompts, "auto").promptBlocks);
  }

  losses(): string[] {
    const { measured, unserved } = this.trace;
    const requests = this.#requests;
    const tiers = isDefault(requests.tier) ? [] : usedNames(requests.tier);
    const foreign = tiers.filter((name) => !(SLO_CLASSES as readonly string[]).includes(name));
    const instants = [measured?.sent, measured?.firstToken, measured?.finish]
      .flatMap((times) => times ? [...times.filter((time) => !Number.isNaN(time))] : []);
    const held = this.#blocksAreHeld() ? ["promptBlocks", "answers"] as const : [];
    const rejected = unserved && usedNames(unserved.status).includes("rejected");
    return [
      ...lossesOf(
        this.trace,
        ["tenant", "tier", "session", "model", "measured", "unserved", ...held],
        this.#kept,
      ),
      ...foreign.length > 0
        ? [`classes of service that BLIS does not know: ${foreign.join(", ")}`]
        : [],
      ...measured?.durations ? [`durations: ${Object.keys(measured.durations).join(", ")}`] : [],
      ...rejected ? ["how requests ended: rejected becomes error"] : [],
      ...coarserTimes(onOneClock(this.trace.workload.requests), 1e6, "microsecond"),
      ...coarserTimes(Float64Array.from(instants), 1e6, "microsecond")
        .map((lost) => `measured ${lost}`),
    ];
  }
}

function fits(prefix: Int32Array | Float64Array, promptTokens: Int32Array): boolean {
  return promptTokens.every((tokens, row) => prefix[row] <= tokens);
}
