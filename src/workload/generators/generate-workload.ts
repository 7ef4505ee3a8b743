import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { normal, substream, weightedIndex } from "../../random/substream.ts";
import { TIERS } from "../tiers.ts";
import { relabel } from "../transforms/relabel.ts";
import type { Labels, Workload } from "../workload.ts";
import { arrivalProcess } from "./arrivals/arrival-spec.ts";
import { GrowingColumns } from "./growing-columns.ts";
import { PromptMaker } from "./prompts/prompt-maker.ts";
import { driftProduct, lengthsClass, prepareClasses } from "./request-classes.ts";
import { summarizeSpec } from "./summarize-spec.ts";
import {
  type RequestClass,
  streamName,
  WorkloadSpec,
  type WorkloadSpecInput,
} from "./workload-spec.ts";

const SPEC = "workload spec";
/** Requests at most where only the time is given: more would not fit in memory. */
const MOST_REQUESTS = 100_000_000;

/**
 * Makes a workload of a spec: streams of arrivals laid over one another, each request of a class
 * that gives it tenant, tier, category and lengths.
 *
 * Arrivals, classes, prompts and answers of a stream are each drawn from a substream of their own,
 * one number a request in the last three (a normal one for a length): another arrival process, other
 * weights or other lengths leave the other columns' draws as they were, and another stream leaves
 * this one alone (common random numbers). The same spec gives the same bytes on every machine.
 *
 * Lengths are rounded to whole tokens, at least 1; answers are cut to `maxTokens`, and prompts and
 * answers to the context, and the provenance says how many. The workload has one phase, which starts
 * at time 0. Tiers are in the order premium, standard, batch, others after them in the order of the
 * spec.
 *
 * With `prompts` a class's prompts have system prompts, documents and conversations in common, see
 * {@link PromptSpec}: `promptTokens` are then the tokens of all that a prompt consists of, drift is of
 * its own text alone, and a conversation whose next turn would not fit the context ends before it.
 *
 * Throws an InputError for a bad spec, and where the streams end before `requests` requests.
 *
 * @example
 * const workload = generateWorkload({
 *   seed: 7,
 *   requests: 3000,
 *   streams: [{
 *     arrivals: { process: "gamma", rate: 4, cv: 2 },
 *     classes: [
 *       {
 *         category: "chat",
 *         weight: 3,
 *         prompt: { model: "lognormal", mean: 300, cv: 1 },
 *         output: { model: "lognormal", mean: 200, cv: 0.8 },
 *         correlation: 0.3,
 *       },
 *       {
 *         category: "code",
 *         prompt: { model: "zipf", exponent: 1.1, max: 8000 },
 *         output: { model: "constant", tokens: 20 },
 *       },
 *     ],
 *   }],
 *   drift: [{ drift: "step", atSeconds: 300, factor: 2, category: "chat" }],
 * });
 */
export function generateWorkload(input: WorkloadSpecInput): Workload {
  const spec = parseWith(WorkloadSpec, input, SPEC);
  const { seed, requests, seconds = Infinity, contextTokens = Infinity } = spec;
  const most = requests ?? MOST_REQUESTS;

  let classCount = 0;
  const streams = spec.streams.map((stream, i) => {
    const draw = (column: string) =>
      substream(seed, `generate-workload/${streamName(stream, i)}/${column}`);
    const arrivals = arrivalProcess(stream.arrivals, {
      stream: () => draw("arrivals"),
      ...(spec.streams.length === 1 && requests !== undefined && { requests }),
    });
    const firstClass = classCount;
    classCount += stream.classes.length;
    return {
      arrivals,
      firstClass,
      classes: prepareClasses(spec, i),
      weights: stream.classes.map(({ weight }) => weight),
      classDraws: draw("classes"),
      promptDraws: draw("prompts"),
      outputDraws: draw("outputs"),
    };
  });

  const prompts = PromptMaker.of(spec);
  const columns = new GrowingColumns(requests ?? 0);
  const upcoming = Float64Array.from(streams, ({ arrivals }) => arrivals.next());
  let promptsCut = 0;
  let outputsCut = 0;
  while (columns.size < most) {
    let which = 0;
    for (let s = 1; s < upcoming.length; s++) if (upcoming[s] < upcoming[which]) which = s;
    const now = Math.min(upcoming[which], prompts?.nextTurn ?? Infinity);
    if (!(now < seconds)) break;
    // A turn goes before what begins at the same instant.
    const turn = prompts?.nextTurn === now ? prompts.beginTurn() : undefined;
    const stream = streams[turn?.stream ?? which];
    if (turn === undefined) upcoming[which] = stream.arrivals.next();

    const index = turn?.index ?? weightedIndex(stream.classDraws, stream.weights);
    const begun = turn ?? prompts?.begin(which, index);
    const own = stream.classes[index];
    const law = own.swaps.length === 0 ? own : lengthsClass(stream.classes, index, now);
    const promptNormal = normal(stream.promptDraws);
    const outputNormal = law.label.correlation * promptNormal +
      law.own * normal(stream.outputDraws);
    const ownText = tokens(law.prompt.at(promptNormal) * driftProduct(own.promptDrift, now));
    const promptWanted = Math.min(0x7fffffff, ownText + (begun?.tokens ?? 0));
    const outputWanted = tokens(law.output.at(outputNormal) * driftProduct(own.outputDrift, now));
    if (turn !== undefined && promptWanted >= contextTokens) {
      prompts!.abandon(turn);
      continue;
    }
    const prompt = Math.min(promptWanted, contextTokens - 1);
    const cap = Math.min(own.maxTokens, contextTokens - prompt);
    if (prompt < promptWanted) promptsCut++;
    if (cap < outputWanted) outputsCut++;

    columns.reserve();
    const row = columns.size++;
    columns.arrival[row] = now;
    columns.classOf[row] = stream.firstClass + index;
    columns.promptTokens[row] = prompt;
    columns.outputTokens[row] = Math.min(cap, outputWanted);
    columns.maxTokens[row] = cap;
    if (begun) prompts!.end(begun, { row, now, prompt, output: columns.outputTokens[row] });
  }
  refuseTooFewOrMany(spec, columns.size, Math.min(...upcoming, prompts?.nextTurn ?? Infinity));
  columns.trim();

  const { size } = columns;
  const classes = spec.streams.flatMap((stream) => stream.classes);
  const labels = (field: "tenant" | "tier" | "category") =>
    labelsOf(columns.classOf, classes, field);
  const cut = (count: number, what: string) => count > 0 ? [`${count} ${what}`] : [];
  return {
    name: spec.name,
    requests: {
      size,
      arrival: columns.arrival,
      phases: [{ name: "generated", first: 0, afterDrainSeconds: 0 }],
      tenant: labels("tenant"),
      tier: labels("tier"),
      category: labels("category"),
      maxTokens: columns.maxTokens,
      promptTokens: columns.promptTokens,
      ...prompts?.finish(),
    },
    truth: { outputTokens: columns.outputTokens },
    provenance: {
      source: "generateWorkload",
      seed,
      parameters: summarizeSpec(spec),
      steps: [
        `generated ${size} requests`,
        ...prompts?.steps() ?? [],
        ...cut(promptsCut, `prompts cut to the context of ${contextTokens} tokens`),
        ...cut(outputsCut, "answers cut to max_tokens or the context"),
      ],
    },
  };
}

/** Tokens of a length: whole, at least one, and no more than a column holds. */
function tokens(length: number): number {
  return Math.min(0x7fffffff, Math.max(1, Math.round(length)));
}

function refuseTooFewOrMany({ requests, seconds }: WorkloadSpec, made: number, next: number): void {
  if (requests !== undefined && made < requests && seconds === undefined) {
    throw new InputError({
      file: SPEC,
      field: "requests",
      value: requests,
      expected: `at most ${made}; the streams have no more arrivals`,
    });
  }
  if (requests === undefined && made === MOST_REQUESTS && next < seconds!) {
    throw new InputError({
      file: SPEC,
      field: "seconds",
      value: seconds,
      expected: `a time in which at most ${MOST_REQUESTS} requests arrive`,
    });
  }
}

function labelsOf(
  classOf: Uint16Array,
  classes: readonly RequestClass[],
  field: "tenant" | "tier" | "category",
): Labels {
  const found = [...new Set(classes.map((each) => each[field]))];
  const rank = (name: string) => {
    const place = (TIERS as readonly string[]).indexOf(name);
    return place < 0 ? TIERS.length : place;
  };
  const names = field === "tier" ? found.sort((a, b) => rank(a) - rank(b)) : found;
  return relabel(
    { codes: classOf, names: [] },
    classes.map((each) => names.indexOf(each[field])),
    names,
  );
}
