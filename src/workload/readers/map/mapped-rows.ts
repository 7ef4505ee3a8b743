import { InputError } from "../../../errors/input-error.ts";
import type { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { Float64Builder } from "../parsing/builders.ts";
import { loggedRequestProblem, NO_ANSWER } from "../parsing/logged-requests.ts";
import type { RowProblem, RowVerdict } from "../parsing/row-verdict.ts";
import type { ReadContext, ReadTrace } from "../trace-format.ts";
import { assembleMapped, type TimeColumns } from "./assemble-mapped.ts";
import { type LogInstants, logInstants } from "./log-instants.ts";
import type { MapPlan, PlannedSource } from "./map-plan.ts";
import { mapValues } from "./map-values.ts";
import {
  type NamesOf,
  PickedCounts,
  PickedDurations,
  PickedLabels,
  SaidNames,
} from "./picked-column.ts";
import { RequestTimesOf } from "./request-times.ts";
import { RowNumbers } from "./row-numbers.ts";
import { OUTCOMES, StatusColumn } from "./status-column.ts";
import {
  type CountTarget,
  type DurationTarget,
  type InstantTarget,
  type LabelTarget,
  type MapTarget,
  targetsOf,
} from "./targets.ts";
import { fillTotals } from "./token-totals.ts";

/** What a row without a name is called. */
const NAMELESS: Readonly<Partial<Record<LabelTarget, string>>> = {
  tenant: "default",
  tier: "default",
  category: "default",
};

/** What becomes of a row. */
const [SERVED, UNSERVED, OUT] = [0, 1, 2];

/** How rows become a trace. */
export interface RowsEnding {
  /** Name of the workload, for people. */
  readonly name: string;
  /** What to do where no row has token counts, for messages. */
  readonly withoutCounts?: string;
  /** Why a row is left aside that only the others show to be none; by its line. */
  readonly asideAtEnd?: (row: number) => string | undefined;
}

interface TimeBuilder {
  readonly target: InstantTarget;
  readonly source: PlannedSource;
  readonly builder: Float64Builder;
}

interface Filter {
  readonly slot: number;
  readonly said: SaidNames;
  readonly reason: (value: string) => string | undefined;
}

/**
 * Gathers the rows of a file whose columns a map names, as numbers in columns, and makes a trace of
 * them: what `LoggedRequests` does for formats with one object a row, in a third of the memory. Units are
 * told, starts and ends worked out and rows judged when all are there.
 */
export class MappedRows {
  readonly #plan: MapPlan;
  readonly #names: NamesOf;
  readonly #filters: readonly Filter[];
  readonly #numbers = new RowNumbers();
  readonly #times: readonly TimeBuilder[];
  readonly #counts: Partial<Record<CountTarget, PickedCounts>>;
  readonly #durations: Partial<Record<DurationTarget, PickedDurations>>;
  readonly #labels: Partial<Record<LabelTarget, PickedLabels>>;
  readonly #status: StatusColumn | undefined;
  readonly #picked: readonly { push(values: Float64Array): void }[];

  /** @param names of the plan's columns of names, by slot */
  constructor(plan: MapPlan, names: NamesOf) {
    const { sources, filters } = plan;
    this.#plan = plan;
    this.#names = names;
    this.#filters = filters.map(({ slot, reason }) => ({
      slot,
      reason,
      said: new SaidNames(slot, names),
    }));
    this.#times = targetsOf("instant").flatMap((target) =>
      (sources[target] ?? []).map((source) => ({ target, source, builder: new Float64Builder() }))
    );
    const mapped = <T extends MapTarget>(targets: readonly T[]) =>
      Object.fromEntries(targets.map((target) => [target, sources[target]])) as Partial<
        Record<T, readonly PlannedSource[]>
      >;
    this.#counts = mapValues(mapped(targetsOf("count")), (own) => own && new PickedCounts(own));
    this.#durations = mapValues(
      mapped(targetsOf("duration")),
      (own) => own && new PickedDurations(own),
    );
    this.#labels = Object.fromEntries(
      targetsOf("label").flatMap((target) => {
        const own = sources[target];
        return own ? [[target, new PickedLabels(own, names, NAMELESS[target] ?? "")]] : [];
      }),
    );
    this.#picked = [this.#counts, this.#durations, this.#labels].flatMap((each) =>
      Object.values(each)
    );
    this.#status = sources.status && new StatusColumn(sources.status, names);
  }

  /** Takes one row, its values by the plan's slots, and its line. */
  take(values: Float64Array, row: number): RowVerdict {
    for (const { slot, said, reason } of this.#filters) {
      if (!said.has(values[slot])) continue;
      const setAside = reason(this.#names(slot)[values[slot]]);
      if (setAside !== undefined) return { setAside };
    }
    const problem = this.#status?.push(values);
    if (problem !== undefined) return problem;
    for (const { source, builder } of this.#times) builder.push(values[source.slot]);
    for (const column of this.#picked) column.push(values);
    this.#numbers.push(row);
    return "counted";
  }

  /** The trace; throws an InputError as `assembleTrace` does, and for units that nobody can tell. */
  finish(
    context: Pick<ReadContext<ArrivalOptions>, "log" | "lenient" | "options">,
    { name, withoutCounts, asideAtEnd }: RowsEnding,
  ): ReadTrace {
    const { log } = context;
    this.#assertCounts(log.source, withoutCounts);
    const { size } = this.#numbers;
    const rowAt = (index: number) => this.#numbers.at(index);
    const read = logInstants(
      this.#times.map(({ target, source, builder }) => {
        const { times } = this.#plan.slots[source.slot];
        return { target, source, times: times!, values: builder.finish() };
      }),
      { file: log.source, rowAt },
    );
    log.assumptions.push(...read.assumptions);
    const finished = <T>(column: { readonly any: boolean; finish(): T }) =>
      column.any ? column.finish() : undefined;
    const durations = mapValues<DurationTarget, PickedDurations, Float64Array>(
      this.#durations,
      finished,
    );
    const rows = {
      ...{ name, size, clock: read.clock, durations, times: this.#room(read, durations) },
      counts: mapValues<CountTarget, PickedCounts, Int32Array>(this.#counts, finished),
      labels: mapValues(this.#labels, (column) => finished(column)),
      outcome: this.#status?.finish() ?? new Uint8Array(size),
    };
    const wrongTotals = fillTotals(rows.counts, size, this.#plan.sources);
    const verdicts = this.#judge(rows, read, { wrongTotals, asideAtEnd }, log);
    return assembleMapped(context, {
      ...rows,
      served: rowsWith(verdicts, SERVED),
      unserved: rowsWith(verdicts, UNSERVED),
    });
  }

  /** Refuses a file with rows of which none says how long its prompt, or its answer, is. */
  #assertCounts(file: string, hint: string | undefined): void {
    const { prompt, output, total } = this.#counts;
    const said = [prompt, output, total].filter((each) => each?.any);
    if (this.#numbers.size === 0 || said.length >= 2) return;
    const silent = (["prompt", "output", "total"] as const)
      .find((target) => this.#counts[target] && !this.#counts[target].any)!;
    throw new InputError({
      file,
      field: this.#plan.sources[silent]!.map(({ column }) => column).join("|"),
      expected: `token counts (${silent}) in some row: no row says any${hint ? `; ${hint}` : ""}`,
    });
  }

  /**
   * Columns for the instants that the log has, or that can be worked out. Those of a duration are room
   * for its end: a row's duration is read before its end is written.
   */
  #room(
    { instants }: LogInstants,
    { ttft, e2e }: Partial<Record<DurationTarget, Float64Array>>,
  ): TimeColumns {
    const { sources } = this.#plan;
    const { size } = this.#numbers;
    const from = [sources.ttft, sources.e2e].map((each) => each?.[0].from);
    const first = sources.first ?? sources.ttft;
    const finish = sources.finish ?? sources.e2e ?? (first && sources.tpot);
    const column = (...known: (Float64Array | undefined)[]) =>
      known.find((each) => each !== undefined) ?? new Float64Array(size);
    return {
      arrival: column(instants.arrival),
      ...(sources.sent || from.includes("sent")) && { sent: column(instants.sent) },
      ...first && { firstToken: column(instants.first, ttft) },
      ...finish && { finish: column(instants.finish, e2e) },
    };
  }

  /** Works out the times of each row, and tells the log what becomes of it. */
  #judge(
    { size, times, clock, counts, durations, outcome }: Omit<
      Parameters<typeof assembleMapped>[1],
      "served" | "unserved"
    >,
    { instants, whole, problems }: LogInstants,
    { wrongTotals, asideAtEnd }: Pick<RowsEnding, "asideAtEnd"> & {
      readonly wrongTotals: ReadonlyMap<number, RowProblem>;
    },
    log: ReadContext["log"],
  ): Uint8Array {
    const map = this.#plan.sources;
    const timesOf = new RequestTimesOf(
      { ...instants, ...durations, output: counts.output, whole },
      map,
    );
    const names = {
      arrival: map.arrival?.[0].column,
      sent: map.sent?.[0].column,
      firstToken: (map.first ?? map.ttft)?.[0].column,
      finish: (map.finish ?? map.e2e)?.[0].column,
      promptTokens: (map.prompt ?? map.total)?.[0].column,
      outputTokens: (map.output ?? map.total)?.[0].column,
      maxTokens: map.max?.[0].column,
      cachedTokens: map.cached?.[0].column,
    };
    const count = (column: Int32Array | undefined, row: number) =>
      column === undefined || column[row] < 0 ? undefined : column[row];
    const request = {
      ...{ arrival: NaN, sent: NaN, firstToken: NaN, finish: NaN },
      promptTokens: undefined as number | undefined,
      outputTokens: undefined as number | undefined,
      maxTokens: undefined as number | undefined,
      cachedTokens: undefined as number | undefined,
    };
    const judge = (row: number): RowProblem | undefined => {
      const wrong = problems.get(row) ?? (clock && timesOf.read(row, request)) ??
        wrongTotals.get(row);
      if (wrong !== undefined || outcome[row] !== 0 || request.outputTokens === 0) return wrong;
      const problem = loggedRequestProblem(request, names);
      if (problem !== undefined || clock === undefined || !Number.isNaN(request.arrival)) {
        return problem;
      }
      return {
        field: names.arrival ?? names.sent ?? names.finish ?? "arrival",
        expected: "when the request came, as the other rows say: this one was answered",
      };
    };
    const verdicts = new Uint8Array(size);
    for (let row = 0; row < size; row++) {
      request.promptTokens = count(counts.prompt, row);
      request.outputTokens = count(counts.output, row);
      request.maxTokens = count(counts.max, row);
      request.cachedTokens = count(counts.cached, row);
      const problem = judge(row);
      times.arrival[row] = request.arrival;
      if (times.sent) times.sent[row] = request.sent;
      if (times.firstToken) times.firstToken[row] = request.firstToken;
      if (times.finish) times.finish[row] = request.finish;
      const aside = asideAtEnd?.(this.#numbers.at(row));
      if (aside !== undefined) {
        verdicts[row] = OUT;
        log.setAside(aside);
      } else if (problem !== undefined) {
        verdicts[row] = OUT;
        log.verdict(this.#numbers.at(row), problem);
      } else if (outcome[row] !== 0 || request.outputTokens === 0) {
        verdicts[row] = UNSERVED;
        const said = outcome[row] !== 0;
        if (!said) outcome[row] = OUTCOMES.indexOf("failed");
        const status = OUTCOMES[outcome[row]] as keyof typeof NO_ANSWER;
        log.setAside(said ? NO_ANSWER[status] : "requests without an answer");
      } else log.keep();
    }
    log.assumptions.push(...this.#status?.assumptions ?? [], ...timesOf.assumptions);
    return verdicts;
  }
}

function rowsWith(verdicts: Uint8Array, verdict: number): Int32Array {
  let count = 0;
  for (const each of verdicts) if (each === verdict) count++;
  const rows = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < verdicts.length; i++) if (verdicts[i] === verdict) rows[at++] = i;
  return rows;
}
