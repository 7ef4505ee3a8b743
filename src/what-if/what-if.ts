import { parseWith } from "../errors/parse-with.ts";
import { InputError } from "../errors/input-error.ts";
import { drawServers } from "../fidelity/doubt/draw-servers.ts";
import { intervalAround } from "../fidelity/doubt/interval-around.ts";
import { serverDoubt } from "../fidelity/doubt/server-doubt.ts";
import { measuredRun } from "../runs/measured-run.ts";
import { STATUSES } from "../runs/run.ts";
import type { ServerFile } from "../servers/costs/server-file.ts";
import type { Premise } from "../servers/describe-sized-server.ts";
import { type Server, type ServerInput, serverOf } from "../servers/server.ts";
import { greatest } from "../statistics/known.ts";
import { mean } from "../statistics/quantile.ts";
import type { ReadTrace } from "../workload/readers/trace-format.ts";
import { scaleToRate } from "../workload/transforms/scale-to-rate.ts";
import { arrivalSpan } from "../workload/statistics/arrivals.ts";
import type { Labels, Workload } from "../workload/workload.ts";
import {
  type Alternative,
  alternativesOf,
  type AlternativeSpec,
  asItWas,
  dispatchText,
  KNOWS_ALL,
} from "./alternative.ts";
import type {
  AlternativeAnswer,
  Doubted,
  GroupAnswer,
  MeasuredBeside,
  WhatIfAnswer,
} from "./answer.ts";
import { limitsOf } from "./limits.ts";
import { logWindow, type Stretch } from "./log-window.ts";
import { byMeasure, type Measure, MEASURES, type Measures, measuresOf } from "./measures.ts";
import { blockSecondsOf, resampleLog } from "./resample-log.ts";
import { serveAlternative, type Served, serveDrawn } from "./serve-alternative.ts";
import type { ServicePromise, ServicePromiseInput } from "./service-promise.ts";
import { drawsFor, WhatIfFields } from "./what-if-options.ts";
import { EVERYBODY, rowsOf, type Who, whoOf } from "./who.ts";

/** Options of {@link whatIf}. */
export interface WhatIfOptions
  extends Stretch, Partial<Omit<AlternativeSpec, "tiers" | "standard">> {
  /** The server that served the log. */
  readonly server: ServerInput | Server | ServerFile;
  /** What its numbers rest on, for readers. @default [] */
  readonly premises?: readonly Premise[];
  /** What else is taken for granted, for readers; it stands beside what the log's reader assumed. @default [] */
  readonly notes?: readonly string[];
  /** The estimate that policies go by unless they are told another. */
  readonly standard: AlternativeSpec["standard"];
  readonly promise?: ServicePromiseInput;
  /**
   * Requests a second: the log's time is stretched or pressed, and what it measured no longer counts.
   * @default as it is
   */
  readonly rate?: number;
  /** @default 40, and fewer for long logs, 10 at least */
  readonly draws?: number;
  /** @default 1 */
  readonly seed?: number;
  /** @default 0.9 */
  readonly level?: number;
  /** Is told after each of the simulated logs how many there are, and of how many. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Stops it between two simulations. */
  readonly signal?: AbortSignal;
}

/** Changes smaller than that are none, whatever the interval. */
const SAME = 0.01;

/**
 * What another policy, estimate, dispatch rule or number of servers would have done to a log. The log
 * is simulated as it was, beside what it measured, and then under each alternative. An interval comes
 * from resampled logs, each served by every alternative on a server as the true one may be: it holds
 * the doubt of the traffic and of the server. Changes are paired by these draws.
 *
 * Throws an InputError for options that do not fit, and a log without two requests.
 */
export async function whatIf(
  recorded: ReadTrace,
  { server, premises = [], notes = [], standard, onProgress, signal, ...options }: WhatIfOptions,
): Promise<WhatIfAnswer> {
  const { servers, promise, from, to, rate, seed, level, draws: asked } = parseWith(
    WhatIfFields,
    options,
    "what-if options",
  );
  const stretch = from === undefined && to === undefined
    ? recorded
    : logWindow(recorded, { from, to });
  const trace = rate === undefined ? stretch : atRate(stretch, rate);
  const own = serverOf(server);
  const workload = fittedTo(own, trace.workload);
  const { size, tier } = workload.requests;
  if (size < 2) {
    const expected = "at least two answered requests in the log";
    throw new InputError({ file: trace.report.source, value: size, expected });
  }
  const { policies, dispatches, estimators, was } = options;
  const spec = {
    was,
    servers,
    policies,
    dispatches,
    estimators,
    standard,
    tiers: tier.names.length > 1,
  };
  const alternatives = [asItWas(spec), ...alternativesOf(spec)];
  const draws = asked ?? drawsFor(size, alternatives.length);
  const who = [EVERYBODY, ...whoOf(workload)];
  const total = alternatives.length * (draws + 1) + draws;
  let done = 0;
  const progress = async () => {
    onProgress?.(++done, total);
    // Lets a bar be drawn, and Ctrl-C be heard.
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
  };

  const points: Served[] = [];
  for (const alternative of alternatives) {
    points.push(serveAlternative(workload, alternative, own));
    await progress();
  }
  const doubt = serverDoubt(own);
  const horizon = points.reduce((latest, { finish }) => Math.max(latest, greatest(finish) || 0), 0);
  const drawn = drawServers(own, { draws, seed, doubt, horizon });
  const samples = alternatives.map(() => who.map((): Measures[] => []));
  const asRecorded: Measures[] = [];
  for (const [i, machine] of drawn.entries()) {
    const resampled = resampleLog(workload, seed + i);
    const rows = who.map((each) => rowsOf(each, resampled));
    for (const [a, alternative] of alternatives.entries()) {
      const served = serveDrawn(resampled, alternative, machine);
      measuredBy(served, rows, promise).forEach((found, g) => samples[a][g].push(found));
      await progress();
    }
    const [all] = measuredBy(
      serveDrawn(workload, alternatives[0], machine),
      [rowsOf(EVERYBODY, workload)],
      promise,
    );
    asRecorded.push(all);
    await progress();
  }

  const rows = who.map((each) => rowsOf(each, workload));
  const found = points.map((served) => measuredBy(served, rows, promise));
  const answers = alternatives.map((alternative, a): AlternativeAnswer => {
    const groups = who.map((each, g) =>
      groupAnswer(each, rows[g].length, {
        value: found[a][g],
        base: found[0][g],
        values: samples[a][g],
        bases: samples[0][g],
        level,
      })
    );
    const [all, ...parts] = groups;
    return {
      ...described(alternative),
      refused: points[a].finish.filter(Number.isNaN).length,
      all,
      groups: parts,
      meets: promise === undefined ? null : meets(all.measures.kept, promise),
      possible: alternative.estimator.name !== KNOWS_ALL.name,
    };
  });
  return {
    log: logFacts(trace, workload, notes),
    server: { name: own.name, premises, assumed: doubt.assumed },
    promise: promise ?? null,
    ...{ level, draws, seed, block_s: blockSecondsOf(workload) },
    as_measured: besideMeasured(trace, { value: found[0][0], values: asRecorded, promise, level }),
    alternatives: answers,
    cheapest: cheapestOf(answers),
    limits: limitsOf(trace, workload, {
      server: own,
      blockSeconds: blockSecondsOf(workload),
      straight: alternatives[0].dispatch.rule === "pass-through",
    }),
  };
}

/** The same requests, faster or slower; nothing measured holds for them. */
function atRate({ workload, unserved, report }: ReadTrace, rate: number): ReadTrace {
  const scaled = scaleToRate(workload, rate);
  const steps = scaled.provenance.steps ?? [];
  return {
    workload: scaled,
    unserved,
    report: { ...report, assumptions: [...report.assumptions, ...steps.slice(-1)] },
  };
}

/** Caps that a reader assumed or a client set beyond the context are cut to the room beside the prompt. */
function fittedTo({ config }: Server, workload: Workload): Workload {
  const { promptTokens, maxTokens } = workload.requests;
  const { outputTokens } = workload.truth;
  const room = config.max_model_len;
  const fitted = maxTokens.map((cap, row) =>
    Math.max(outputTokens[row], Math.min(cap, room - promptTokens[row]))
  );
  return { ...workload, requests: { ...workload.requests, maxTokens: fitted } };
}

function measuredBy(
  served: Served,
  groups: readonly Int32Array[],
  promise: ServicePromise | undefined,
): Measures[] {
  const seconds = greatest(served.finish) - served.arrival[0];
  return groups.map((rows) => measuresOf(served, rows, { promise, seconds }));
}

interface Sampled {
  readonly value: Measures;
  readonly base: Measures;
  /** Shape (draws). */
  readonly values: readonly Measures[];
  readonly bases: readonly Measures[];
  readonly level: number;
}

function groupAnswer(who: Who, requests: number, sampled: Sampled): GroupAnswer {
  const { value, base, values, bases, level } = sampled;
  const change = (mine: Measures, theirs: Measures, measure: Measure) =>
    mine[measure] === theirs[measure] ? 0 : mine[measure] / theirs[measure] - 1;
  const changes = byMeasure((measure) =>
    Number.isNaN(value[measure]) ? NOBODY_KNOWS : doubted(
      change(value, base, measure),
      values.map((each, i) => change(each, bases[i], measure)),
      level,
    )
  );
  return {
    group: who.name,
    kind: who.kind,
    requests,
    measures: byMeasure((measure) =>
      doubted(value[measure], values.map((each) => each[measure]), level)
    ),
    changes,
    verdict: verdictOf(changes.e2e_mean),
  };
}

const NOBODY_KNOWS: Doubted = { value: null, low: null, high: null };

function doubted(value: number, samples: readonly number[], level: number): Doubted {
  const finite = samples.filter(Number.isFinite);
  if (!Number.isFinite(value)) return NOBODY_KNOWS;
  if (finite.length === 0) return { value, low: null, high: null };
  return { value, ...intervalAround(value, Float64Array.from(finite), level) };
}

function verdictOf({ value, low, high }: Doubted): GroupAnswer["verdict"] {
  if (value === null || low === null || high === null) return "open";
  if (low >= -SAME && high <= SAME) return "same";
  return high < 0 ? "gains" : low > 0 ? "pays" : "open";
}

function meets(
  { value, low, high }: Doubted,
  { share }: ServicePromise,
): AlternativeAnswer["meets"] {
  if (value === null) return "no";
  if (value >= share) return low !== null && low >= share ? "yes" : "likely";
  return high !== null && high >= share ? "unlikely" : "no";
}

/** As it was, then other rules on as many servers, then more servers: of equal cost who keeps most. */
function cheapestOf(answers: readonly AlternativeAnswer[]): WhatIfAnswer["cheapest"] {
  const kept = ({ all }: AlternativeAnswer) => all.measures.kept.value ?? 0;
  for (const answer of ["yes", "likely"] as const) {
    const [best] = answers.filter(({ meets, possible }) => possible && meets === answer)
      .toSorted((a, b) =>
        a.servers - b.servers || Number(a !== answers[0]) - Number(b !== answers[0]) ||
        kept(b) - kept(a)
      );
    if (best !== undefined) return { name: best.name, sure: answer === "yes" };
  }
  return null;
}

function described(
  { name, policy, estimator, dispatch, servers }: Alternative,
): Pick<AlternativeAnswer, "name" | "policy" | "estimator" | "dispatch" | "servers"> {
  return {
    ...{ name, servers, estimator: estimator.name },
    policy: typeof policy === "string"
      ? policy
      : (policy as { readonly name?: string }).name ?? "own",
    dispatch: dispatchText(dispatch),
  };
}

const COMPLETED = STATUSES.indexOf("completed");

/** The simulation of the log as it was beside what the log measured; null where it measured nothing. */
function besideMeasured(
  trace: ReadTrace,
  { value, values, promise, level }: {
    readonly value: Measures;
    readonly values: readonly Measures[];
    readonly promise: ServicePromise | undefined;
    readonly level: number;
  },
): WhatIfAnswer["as_measured"] {
  if (trace.measured?.finish === undefined && trace.measured?.firstToken === undefined) return null;
  const run = measuredRun(trace);
  const rows = Int32Array.from(run.status.keys()).filter((row) => run.status[row] === COMPLETED);
  const seconds = greatest(run.finish) - run.arrival[0];
  const measured = measuresOf(run, rows, { promise, seconds });
  const known = MEASURES.filter((each) =>
    Number.isFinite(measured[each]) && Number.isFinite(value[each])
  );
  return Object.fromEntries(known.map((measure): [Measure, MeasuredBeside] => {
    const simulated = doubted(value[measure], values.map((each) => each[measure]), level);
    const at = measured[measure];
    return [measure, {
      ...simulated,
      measured: at,
      error: value[measure] / at - 1,
      inside: simulated.low !== null && at >= simulated.low && at <= simulated.high!,
    }];
  }));
}

function logFacts(
  { report, unserved }: ReadTrace,
  { requests, truth }: Workload,
  notes: readonly string[],
): WhatIfAnswer["log"] {
  const span = arrivalSpan(requests);
  const names = ({ codes }: Labels) => new Set(codes).size;
  return {
    source: report.source,
    format: report.format,
    recognised: report.recognised ?? null,
    requests: requests.size,
    unserved: unserved?.requests.size ?? 0,
    span_s: span,
    requests_per_s: span > 0 ? (requests.size - 1) / span : NaN,
    prompt_tokens_mean: mean(requests.promptTokens),
    output_tokens_mean: mean(truth.outputTokens),
    tenants: names(requests.tenant),
    tiers: names(requests.tier),
    categories: names(requests.category),
    assumptions: [...report.assumptions, ...notes],
  };
}
