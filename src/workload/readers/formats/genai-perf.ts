import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { parseJson } from "../../../errors/parse-json.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import { checkRow } from "../parsing/check-row.ts";
import { countColumn, optionalLabelColumn } from "../parsing/columns.ts";
import { hasKeys, type Head } from "../parsing/head.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import { NanosecondClock, nanosecondsColumn } from "../parsing/nanoseconds.ts";
import type { RowVerdict } from "../parsing/row-verdict.ts";
import { wholeReader } from "../parsing/whole-reader.ts";
import type { ReadContext, ReadTrace, TokenCounter, TraceFormat } from "../trace-format.ts";
import { answerOfResponses, textOfContent } from "./genai-perf-answer.ts";

/** A request, with all that was sent and came back. */
export const GenaiPerfRow = z.looseObject({
  timestamp: nanosecondsColumn("when it was sent"),
  request_inputs: z.looseObject({
    payload: z.unknown().optional().meta({ description: "body of the request, as JSON in a text" }),
    session_id: z.union([z.number(), optionalLabelColumn("name")]).nullish()
      .meta({ description: "conversation that it is of" }),
  }).nullish(),
  response_timestamps: z.array(nanosecondsColumn("when a response came")),
  response_outputs: z.array(z.unknown()).meta({ description: "the responses" }),
});
type GenaiPerfRow = z.output<typeof GenaiPerfRow>;

/** Which experiment of a file is read. */
export const GenaiPerfOptions = z.strictObject({
  /** Its place, from 0: a sweep has one for each load. */
  experiment: countColumn("place of the experiment").default(0),
});
export type GenaiPerfOptions = z.output<typeof GenaiPerfOptions>;

const Profile = z.looseObject({
  experiments: z.array(z.looseObject({
    experiment: z.unknown().optional(),
    requests: z.array(z.unknown()),
  })).min(1),
});
type Experiment = z.output<typeof Profile>["experiments"][number];

/**
 * What genai-perf records of its requests, `profile_export.json`: one experiment for each load, of which
 * the option `experiment` picks one; the requests of the others are set aside.
 *
 * A request arrives when it was sent. Its first token is the first response with any text, reasoning or
 * call of a tool, and it ends with the last such one; of an answer in one piece the first token is not
 * known. The file has no lengths: they are the server's `usage` where an answer has it, and else the
 * texts are counted by the token counter, without what a chat template adds. Where there is no counter,
 * an answer has as many tokens as responses with text, and a prompt without `usage` is refused. Of a
 * payload in a form of one's own the whole is counted, of such answers the responses. Times are right to
 * 0.3 µs, as `NanosecondClock` says.
 *
 * Source: triton-inference-server/perf_analyzer, `genai-perf/genai_perf/profile_data_parser/`
 * `llm_profile_data_parser.py`, at 00168fe.
 */
export const genaiPerf: TraceFormat<GenaiPerfOptions> = {
  name: "genai-perf",
  title: "genai-perf's records of requests (profile_export.json)",
  row: GenaiPerfRow,
  rowsAt: "experiments.0.requests",
  options: GenaiPerfOptions,
  recognise: (head) =>
    isProfile(head)
      ? "JSON object with experiments, whose requests have response_timestamps"
      : undefined,
  countsTokens: () => true,
  reader: (context) => wholeReader(context.log, (text) => readProfile(text, context)),
};

function isProfile(head: Head): boolean {
  if (!hasKeys(head, ["experiments"])) return false;
  const { experiments } = head.json as { readonly experiments: unknown };
  return Array.isArray(experiments) &&
    (hasKeys(head, ["service_kind"]) || /"response_timestamps"\s*:/.test(head.text));
}

const NAMES = {
  arrival: "timestamp",
  sent: "timestamp",
  firstToken: "response_timestamps",
  finish: "response_timestamps",
  promptTokens: "request_inputs",
  outputTokens: "response_outputs",
};

function readProfile(text: string, context: ReadContext<GenaiPerfOptions>): ReadTrace {
  const { log, options: { experiment: wanted }, tokenCounter } = context;
  const file = log.source;
  const { experiments } = parseWith(Profile, parseJson(text, file), file);
  if (wanted >= experiments.length) {
    const expected = `an index below ${experiments.length}, the number of experiments in the file`;
    throw new InputError({ file, field: "experiment", value: wanted, expected });
  }
  experiments.forEach(({ requests }, at) => {
    if (at === wanted) return;
    for (const _ of requests) log.setAside("requests of other experiments in the file");
  });
  if (experiments.length > 1) log.assumptions.push(...told(experiments, wanted));

  const requests = new LoggedRequests(context, { name: "genai-perf experiment", names: NAMES });
  const lengths = new Lengths(tokenCounter);
  const clock = new NanosecondClock();
  experiments[wanted].requests.forEach((value, at) => {
    const path = `experiments.${wanted}.requests.${at}`;
    const checked = checkRow(GenaiPerfRow, value, { file, path });
    if (!("data" in checked)) return log.refuse(checked);
    const verdict = take(checked.data, { requests, lengths, clock });
    if (verdict && typeof verdict === "object" && "expected" in verdict) {
      return log.refuse([{ file, ...verdict, field: `${path}.${verdict.field}` }]);
    }
    log.verdict(at + 1, verdict);
  });
  log.assumptions.push(...clock.assumptions(), ...lengths.assumptions());
  return requests.finish();
}

/** Experiments that are told of. */
const LISTED = 20;

function told(experiments: readonly Experiment[], wanted: number): string[] {
  const each = experiments.slice(0, LISTED).map(({ experiment, requests }, place) => {
    const { mode, value } = Object(experiment);
    const load = typeof mode === "string" && typeof value === "number"
      ? `${mode.slice(0, 40)} ${value}, `
      : "";
    return `${place} (${load}${requests.length} requests)`;
  });
  const rest = experiments.length > LISTED ? ", …" : "";
  return [
    `experiment ${wanted} of ${experiments.length} in the file, from 0`,
    `experiments in the file, of which the option experiment picks one: ${each.join(", ")}${rest}`,
  ];
}

function take(
  row: GenaiPerfRow,
  { requests, lengths, clock }: {
    readonly requests: LoggedRequests;
    readonly lengths: Lengths;
    readonly clock: NanosecondClock;
  },
): RowVerdict {
  const { timestamp, request_inputs: inputs, response_timestamps: times } = row;
  if (times.length !== row.response_outputs.length) {
    const expected = `${row.response_outputs.length} times, as many as response_outputs`;
    return { field: "response_timestamps", value: `${times.length} times`, expected };
  }
  const answer = answerOfResponses(row.response_outputs);
  if ("expected" in answer) {
    return { ...answer, field: `response_outputs.${answer.field}.response` };
  }
  const { texts, streamed, failed, tokens, usage, isOther } = answer;
  const arrival = clock.seconds(timestamp);
  const ofText = times.filter((_, at) => texts[at] !== "");
  const finish = clock.seconds(ofText.at(-1) ?? times.at(-1));
  const session = inputs?.session_id;
  const common = {
    arrival,
    sent: arrival,
    finish,
    ...session !== undefined && session !== null && session !== "" && { session: String(session) },
  };
  if (failed || (ofText.length === 0 && usage === undefined)) {
    return requests.take({ ...common, outputTokens: 0, ...failed && { status: "failed" } });
  }
  const promptTokens = usage?.prompt ?? lengths.promptOf(inputs ?? {});
  if (typeof promptTokens === "object") return promptTokens;
  if (usage !== undefined) lengths.ofUsage++;
  else if (isOther) lengths.others++;
  return requests.take({
    ...common,
    firstToken: clock.seconds(ofText[0]),
    inOnePiece: !streamed,
    promptTokens,
    outputTokens: usage?.completion ?? tokens ?? lengths.answerOf(texts),
  });
}

/** Counts what the file has no lengths of, and remembers how. */
class Lengths {
  ofUsage = 0;
  others = 0;
  #payloads = 0;
  #prompts = 0;
  #answers = 0;

  constructor(private readonly counter: TokenCounter | undefined) {}

  answerOf(texts: readonly string[]): number {
    this.#answers++;
    return this.counter?.count(texts.join("")) ?? texts.filter((text) => text !== "").length;
  }

  promptOf(inputs: Readonly<Record<string, unknown>>) {
    if (Array.isArray(inputs.input_ids)) return inputs.input_ids.length;
    const known = promptText(inputs);
    const text = known ?? inputs.payload;
    if (typeof text !== "string") {
      const expected = "a text: JSON with messages, a prompt or a text_input";
      return { field: "request_inputs.payload", value: text, expected };
    }
    if (this.counter === undefined) {
      const expected = "usage in the answer, or a reader that can count tokens: `deno task trace`";
      return { field: "request_inputs.payload", value: text, expected };
    }
    this.#prompts++;
    if (known === undefined) this.#payloads++;
    return this.counter.count(text);
  }

  assumptions(): string[] {
    const { name = "" } = this.counter ?? {};
    const way = this.counter === undefined
      ? "as many tokens as responses with text, because there is no tokenizer"
      : `counted with ${name}`;
    return [
      ...this.ofUsage > 0
        ? [`lengths of ${this.ofUsage} requests are those of the server's usage`]
        : [],
      ...this.#prompts > 0
        ? [`prompts of ${this.#prompts} requests: counted with ${name}, without a chat template`]
        : [],
      ...this.#payloads > 0
        ? [
          `of ${this.#payloads} prompts the whole payload, which has no messages, prompt or text_input`,
        ]
        : [],
      ...this.others > 0
        ? [
          `answers of ${this.others} requests: as many tokens as responses, whose texts are not known`,
        ]
        : [],
      ...this.#answers > 0 ? [`answers of ${this.#answers} requests: ${way}`] : [],
    ];
  }
}

/** The text that was sent, its parts between spaces, as genai-perf counts it. */
function promptText(inputs: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof inputs.text_input === "string") return inputs.text_input;
  const { messages, prompt, text_input } = Object(payloadOf(inputs.payload));
  if (Array.isArray(messages)) {
    return messages.map((message) => textOfContent(Object(message).content)).join(" ");
  }
  const text = textOfContent(prompt ?? text_input);
  return text === "" ? undefined : text;
}

function payloadOf(payload: unknown): unknown {
  if (typeof payload !== "string") return payload;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
