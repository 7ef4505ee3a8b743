/** What a column of a log can be. Instants, durations, counts and labels are read differently. */
export const TARGETS = {
  arrival: { kind: "instant", means: "when the request arrived" },
  sent: { kind: "instant", means: "when the client sent it to the server" },
  first: { kind: "instant", means: "when the first token was there" },
  finish: { kind: "instant", means: "when the last token was there" },
  ttft: { kind: "duration", means: "time to the first token" },
  e2e: { kind: "duration", means: "latency, to the last token" },
  tpot: { kind: "duration", means: "time of each token after the first" },
  queue: { kind: "duration", means: "time in the server's queue" },
  prompt: { kind: "count", means: "tokens of the prompt" },
  output: { kind: "count", means: "tokens of the answer" },
  total: { kind: "count", means: "tokens of prompt and answer" },
  max: { kind: "count", means: "most tokens that the answer may have (max_tokens)" },
  cached: { kind: "count", means: "tokens of the prompt that the server had in its prefix cache" },
  tenant: { kind: "label", means: "who sent it" },
  tier: { kind: "label", means: "how urgent it is; numbers: 0 the most urgent" },
  category: { kind: "label", means: "kind of job" },
  session: { kind: "label", means: "conversation" },
  model: { kind: "label", means: "model that was asked" },
  id: { kind: "label", means: "name of the request" },
  status: { kind: "status", means: "whether it was answered" },
} as const;

/** What a column of a log can be. */
export type MapTarget = keyof typeof TARGETS;

type OfKind<K extends string> = {
  [T in MapTarget]: (typeof TARGETS)[T]["kind"] extends K ? T : never;
}[MapTarget];

export type InstantTarget = OfKind<"instant">;
export type DurationTarget = OfKind<"duration">;
export type CountTarget = OfKind<"count">;
export type LabelTarget = OfKind<"label">;

/** Other words for some of them. */
const ALIASES: Readonly<Record<string, MapTarget>> = {
  latency: "e2e",
  max_tokens: "max",
  first_token: "first",
};

/** The target that a word names; undefined where it names none. */
export function targetNamed(word: string): MapTarget | undefined {
  if (Object.hasOwn(TARGETS, word)) return word as MapTarget;
  return Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined;
}

/** Targets of a kind, in the order in which they are listed. */
export function targetsOf<K extends (typeof TARGETS)[MapTarget]["kind"]>(kind: K): OfKind<K>[] {
  return (Object.keys(TARGETS) as MapTarget[]).filter((each) =>
    TARGETS[each].kind === kind
  ) as OfKind<
    K
  >[];
}
