import { escapeControls } from "../errors/escape-controls.ts";
import { CLAIM_DOUBTS, type ClaimDoubt } from "./client/exchange.ts";
import type { Measured } from "./journal/entry.ts";
import { slowStart } from "./first-requests.ts";
import type { LiveRecord } from "./live-record.ts";
import { cameWhole, estimatedOutputTokens } from "./output-tokens.ts";

/** What the answers of a run are held against. */
export interface AnswersExpected {
  /** Addresses of the servers, in the order of the run's list. */
  readonly servers: readonly string[];
  /** Tokens of each prompt as the workload has it, where prompts were made to that length. Shape (n). */
  readonly promptTokens?: Int32Array;
  /** Tokens of each answer that were asked for at most. Shape (n). */
  readonly maxTokens: Int32Array;
  /** Whether servers may have been cold: time passes for them as outside. */
  readonly cold: boolean;
}

const COMPLETED = 0;

/**
 * What the answers of a run show that a reader of its numbers should know, once a server: answers that
 * came whole, tokens that nobody counted, prompts that became longer or shorter than the workload's, a
 * first request that stands out.
 */
export function answerWarnings(
  { status, server, measured }: LiveRecord,
  { servers, promptTokens, maxTokens, cold }: AnswersExpected,
): string[] {
  return servers.flatMap((url, place) => {
    const rows = status.keys().toArray()
      .filter((row) =>
        server[row] === place && status[row] === COMPLETED && measured[row] !== null
      );
    const answers = rows.map((row) => measured[row]!);
    const wanted = promptTokens && rows.map((row) => promptTokens[row]);
    return [
      wholeWarning(url, answers),
      countWarning(url, answers),
      wanted && promptWarning(url, answers, wanted),
      ...doubtWarnings(url, answers),
      lengthWarning(url, answers, rows.map((row) => maxTokens[row])),
      reasonWarning(url, answers),
      cold ? startWarning(url, answers) : undefined,
    ].filter((warning) => warning !== undefined);
  });
}

function wholeWarning(url: string, answers: readonly Measured[]): string | undefined {
  const whole = answers.filter(cameWhole).length;
  if (whole === 0) return undefined;
  return `${url} gave ${whole} of ${answers.length} answers whole and not as a stream: when their ` +
    "first token was there is not known, so they have no TTFT and no TPOT";
}

function countWarning(url: string, answers: readonly Measured[]): string | undefined {
  const uncounted = answers.filter(({ completionTokens }) => completionTokens === null);
  if (uncounted.length === 0) return undefined;
  const estimated = uncounted.filter((answer) => estimatedOutputTokens(answer) !== null).length;
  const how = estimated === 0
    ? "they are not known"
    : "they are estimated by the events that carried anything, which is too low where a server " +
      "merges tokens";
  return `${url} did not count the tokens of ${uncounted.length} of ${answers.length} answers ` +
    `(no usage): ${how}`;
}

function promptWarning(
  url: string,
  answers: readonly Measured[],
  wanted: readonly number[],
): string | undefined {
  const off = answers.flatMap(({ promptTokens }, i) =>
    promptTokens === null ? [] : [promptTokens - wanted[i]]
  );
  const wrong = off.filter((tokens) => tokens !== 0);
  if (wrong.length === 0) return undefined;
  const mean = off.reduce((sum, tokens) => sum + tokens, 0) / off.length;
  const furthest = wrong.reduce((most, each) => Math.abs(each) > Math.abs(most) ? each : most);
  const signed = (tokens: number) => `${tokens < 0 ? "−" : "+"}${Math.abs(tokens)}`;
  return `${url} counted other prompts than the workload has: ${wrong.length} of ${off.length} ` +
    `differ, by ${signed(Number(mean.toFixed(1)))} tokens on average, ${signed(furthest)} at most`;
}

/** What is said of each doubt, behind the server's name and how many answers it is about. */
const DOUBTS: Readonly<Record<ClaimDoubt, string>> = {
  "impossible-count":
    "token counts that can't be (negative, fractional, or more than was asked for " +
    "and than bytes came): they are left out",
  "shrinking-count": "running token counts that went down: the largest counts",
  "cached-beyond-prompt": "more cached tokens than the prompt has: the cached ones are left out",
  "several-choices": "several choices, though one was asked for: the first counts",
};

function doubtWarnings(url: string, answers: readonly Measured[]): string[] {
  return CLAIM_DOUBTS.flatMap((doubt) => {
    const found = answers.filter(({ doubts = [] }) => doubts.includes(doubt)).length;
    return found === 0
      ? []
      : [`${url} gave in ${found} of ${answers.length} answers ${DOUBTS[doubt]}`];
  });
}

function lengthWarning(
  url: string,
  answers: readonly Measured[],
  asked: readonly number[],
): string | undefined {
  const over = answers.flatMap(({ completionTokens }, i) =>
    completionTokens !== null && completionTokens > asked[i] ? [completionTokens - asked[i]] : []
  );
  if (over.length === 0) return undefined;
  return `${url} counted more tokens than it was asked for (max_tokens) in ${over.length} of ` +
    `${answers.length} answers, ${over.reduce((most, each) => Math.max(most, each))} more at most`;
}

/** Why answers end, in the words of the servers that are known. */
const KNOWN_REASONS = new Set([
  ...["stop", "length", "tool_calls", "function_call", "content_filter"],
  ...["eos_token", "stop_sequence", "max_tokens", "end_turn", "eos", "repetition"],
]);
const REASONS_SHOWN = 3;

function reasonWarning(url: string, answers: readonly Measured[]): string | undefined {
  const unknown = answers.flatMap(({ finishReason }) =>
    finishReason !== null && !KNOWN_REASONS.has(finishReason) ? [finishReason] : []
  );
  if (unknown.length === 0) return undefined;
  const names = [...new Set(unknown)];
  const shown = names.slice(0, REASONS_SHOWN).map((name) => JSON.stringify(escapeControls(name)));
  return `${url} ended ${unknown.length} of ${answers.length} answers for reasons that are not known: ` +
    `${shown.join(", ")}${names.length > REASONS_SHOWN ? ", …" : ""}; they count as complete`;
}

function startWarning(url: string, answers: readonly Measured[]): string | undefined {
  const column = (name: "sent" | "firstToken") => Float64Array.from(answers, (each) => each[name]);
  const slow = slowStart(column("sent"), column("firstToken"));
  if (slow === null) return undefined;
  const seconds = (value: number) => `${Number(value.toPrecision(3))} s`;
  return `the first requests to ${url} stand out: the first took ${
    seconds(slow.first)
  } from send ` +
    `to its first token, later ones ${
      seconds(slow.usual)
    } (median). The server may have been cold: ` +
    "warm it up with --warm-up N, or leave the first requests out";
}
