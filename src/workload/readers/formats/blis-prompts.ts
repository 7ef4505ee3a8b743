import { InputError } from "../../../errors/input-error.ts";
import type { BlisPrompt } from "./blis-blocks.ts";

/** What a row says of its prompt. */
export interface PromptRow {
  readonly session_id?: string;
  readonly round_index?: number;
  readonly prefix_group?: string;
  readonly prefix_length?: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly server_input_tokens?: number;
  readonly input_tokens_reset?: string;
}

/** What the rows of a trace say of prompts, and how it was taken. */
export interface BlisPrompts<R extends PromptRow> {
  /** Of every row: lengths of the whole prompt, sessions as they grow. */
  readonly of: ReadonlyMap<R, BlisPrompt>;
  /** Rows whose prompt is as long as the server counted. */
  readonly counted: number;
  /** Tokens that the server counted beyond the client's, over those rows. */
  readonly more: number;
  /** Rows with a server's count beside a shared beginning, which is not used. */
  readonly grouped: number;
  /** Rounds that were put together from what each adds. */
  readonly accumulated: number;
}

/**
 * Lengths of prompts as they were served. The server's count is the prompt's where it is recorded: it has
 * the chat template, which the client's has not. Beside a `prefix_group` the client's stands, as in BLIS,
 * whose server counts hold the beginning that is added.
 *
 * Where sessions accumulate, a round says what it adds: its prompt is that of the round before, the answer
 * to it and what it adds. A `input_tokens_reset` begins anew with a prompt of that length. A server's count
 * below the prompt of the round before is of what was added, too. Throws an InputError where a round is
 * missing, because nobody knows what it held.
 *
 * Source: inference-sim, `sim/workload/replay.go` and `replay_accumulate.go`.
 */
export function blisPrompts<R extends PromptRow>(
  rows: readonly R[],
  { accumulate, file }: { accumulate: boolean; file: string },
): BlisPrompts<R> {
  const of = new Map<R, BlisPrompt>();
  let [counted, more, grouped, accumulated] = [0, 0, 0, 0];
  for (const row of rows) {
    const server = row.server_input_tokens ?? 0;
    const group = row.prefix_group ?? "";
    if (server > 0 && group !== "") grouped++;
    const input = server > 0 && group === "" ? server : row.input_tokens;
    if (input !== row.input_tokens) {
      counted++;
      more += input - row.input_tokens;
    }
    of.set(row, {
      group,
      prefix: row.prefix_length ?? 0,
      input,
      output: row.output_tokens,
      session: row.session_id ?? "",
      round: row.round_index ?? 0,
    });
  }
  if (!accumulate) return { of, counted, more, grouped, accumulated };
  const sessions = Map.groupBy(rows.filter((row) => row.session_id), (row) => row.session_id!);
  for (const [session, rounds] of sessions) {
    rounds.sort((a, b) => of.get(a)!.round - of.get(b)!.round);
    let segment = 0;
    let before: BlisPrompt | undefined;
    rounds.forEach((row, k) => {
      const own = of.get(row)!;
      if (own.round !== k) throw missingRound({ session, round: own.round, expected: k, file });
      const reset = row.input_tokens_reset ? Number(row.input_tokens_reset) : undefined;
      const held = before && reset === undefined ? before.input + before.output : 0;
      if (reset !== undefined && k > 0) segment++;
      // The server sees the whole prompt, but BLIS's own traces count what is added.
      const isWhole = (row.server_input_tokens ?? 0) > 0 && own.group === "" && before &&
        own.input + own.prefix >= before.input + before.prefix;
      const { group, prefix } = before && reset === undefined ? before : own;
      const input = reset ?? (isWhole ? own.input - prefix : held + own.input);
      if (k > 0) accumulated++;
      before = {
        ...own,
        group: reset === undefined ? group : "",
        prefix: reset === undefined ? prefix : 0,
        input,
        session: segment > 0 ? `${session} ${segment}` : session,
      };
      of.set(row, before);
    });
  }
  return { of, counted, more, grouped, accumulated };
}

function missingRound(
  { session, round, expected, file }: {
    session: string;
    round: number;
    expected: number;
    file: string;
  },
): InputError {
  return new InputError({
    file,
    field: "round_index",
    value: round,
    expected:
      `round ${expected} of session ${session}: in a trace whose sessions accumulate a prompt ` +
      "holds every round before it, each once; the option sessions=apart takes input_tokens as it is",
  });
}
