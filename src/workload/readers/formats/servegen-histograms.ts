import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { parseJson } from "../../../errors/parse-json.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import type { Random } from "../../../random/substream.ts";
import { decodeText } from "../parsing/decode-text.ts";

/** Seconds for which a histogram holds. */
export const HISTOGRAM_SECONDS = 6 * 3600;
/** Tokens of a prompt or answer at most. */
const MOST_TOKENS = 2 ** 31 - 1;
/** Images, sounds or films of a prompt at most: each one's tokens are drawn. */
const MOST_MEDIA = 10_000;

/** A histogram as a Python dictionary in a string: `{163: 0.001, 164: 0.004}`. */
const Histogram = z.string().regex(
  /^\{(?:\s*[0-9.]+\s*:\s*[0-9.eE+-]+\s*(?:,|(?=\})))*\s*\}$/,
  { error: "a dictionary of lengths and shares like {163: 0.001, 164: 0.004}" },
);
/** What a prompt may hold besides text. */
const MEDIA = ["image", "audio", "video"] as const;
export type Medium = (typeof MEDIA)[number];

/** Of models that see and hear: the text, how many images and so on, and the tokens of each. */
const Window = z.looseObject({
  input_tokens: Histogram.optional(),
  text_tokens: Histogram.optional(),
  image_tokens: Histogram.optional(),
  image_count: Histogram.optional(),
  audio_tokens: Histogram.optional(),
  audio_count: Histogram.optional(),
  video_tokens: Histogram.optional(),
  video_count: Histogram.optional(),
  output_tokens: Histogram,
});
type Window = z.output<typeof Window>;
const Windows = z.record(z.string().regex(/^\d+$/), Window);
const Clients = z.record(z.string(), Windows);

/** Token lengths and the chance of at most each of them. Shape (n) each. */
export interface TokenDistribution {
  readonly tokens: Int32Array;
  /** Rises to 1. */
  readonly upTo: Float64Array;
}

/** Lengths of a client's prompts and answers at some time. */
export interface ClientHistograms {
  /** Start in seconds of the six hours that they are of. */
  readonly start: number;
  /** Prompts, or the text of prompts that hold media. */
  readonly input: TokenDistribution;
  /** What prompts hold besides text; none of a model of text alone. */
  readonly media: readonly MediumHistograms[];
  readonly output: TokenDistribution;
}

/** Images, sounds or films of a prompt. */
export interface MediumHistograms {
  readonly medium: Medium;
  /** How many a prompt has. */
  readonly count: TokenDistribution;
  /** Of each one. */
  readonly tokens: TokenDistribution;
}

/** Lengths that were drawn for a request. */
export interface DrawnLengths {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** How many of each medium the prompt holds. */
  readonly counts: Readonly<Record<Medium, number>>;
}

/** Every client's histograms. */
export interface TokenHistograms {
  /** Start in seconds of the first six hours for which any client has histograms. */
  readonly first: number;
  /**
   * Of a client at a time in seconds: its latest that begin at or before then, as in ServeGen's own
   * sampler; undefined where there are none.
   */
  of(client: string, seconds: number): ClientHistograms | undefined;
}

/**
 * Reads ServeGen's token histograms: JSON, windows of one client (`chunk-N-dataset.json`; the client
 * is named 0) or of several by name. Throws an InputError for another shape, and for lengths that are
 * no whole numbers from 1.
 */
export function tokenHistograms(bytes: Uint8Array, source: string): TokenHistograms {
  const json = parseJson(decodeText(bytes, source), source);
  const isOne = Windows.safeParse(json).success;
  const clients = isOne
    ? { "0": parseWith(Windows, json, source) }
    : parseWith(Clients, json, source);
  const found = new Map<string, ClientHistograms[]>();
  let first = Infinity;
  for (const [client, windows] of Object.entries(clients)) {
    for (const [start, window] of Object.entries(windows)) {
      const lengths = histogramsOf(window, { file: source, field: `${client}.${start}` });
      if (lengths === undefined) continue;
      const known = { start: Number(start), ...lengths };
      found.set(client, [...found.get(client) ?? [], known]);
      first = Math.min(first, Number(start));
    }
  }
  for (const each of found.values()) each.sort((a, b) => a.start - b.start);
  if (found.size === 0) throw new InputError({ file: source, expected: "at least one histogram" });
  return {
    first,
    of: (client, seconds) => found.get(client)?.findLast(({ start }) => start <= seconds),
  };
}

/**
 * Lengths of a request: of its prompt (of several media, a count and then each one's tokens) and of its
 * answer. A prompt or an answer of no tokens is none: the shortest that can be served is 1.
 */
export function drawLengths(
  { input, media, output }: ClientHistograms,
  random: Random,
): DrawnLengths {
  let promptTokens = drawn(input, random);
  const counts = { image: 0, audio: 0, video: 0 };
  for (const { medium, count, tokens } of media) {
    counts[medium] = drawn(count, random);
    for (let each = 0; each < counts[medium]; each++) promptTokens += drawn(tokens, random);
  }
  return {
    promptTokens: Math.min(Math.max(1, promptTokens), MOST_TOKENS),
    outputTokens: Math.max(1, drawn(output, random)),
    counts,
  };
}

/** A value drawn from a distribution. */
function drawn({ tokens, upTo }: TokenDistribution, random: Random): number {
  const chance = random.next();
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (upTo[middle] > chance) high = middle;
    else low = middle + 1;
  }
  return tokens[low];
}

/** Histograms of a window; undefined where one of them is empty, as ServeGen leaves such out. */
function histogramsOf(
  window: Window,
  { file, field }: { readonly file: string; readonly field: string },
): Omit<ClientHistograms, "start"> | undefined {
  const of = (name: keyof Window & string, expected: string) => {
    const text = window[name] as string | undefined;
    const place = { file, field: `${field}.${name}` };
    if (text === undefined) throw new InputError({ ...place, expected });
    return distributionOf(text, place, name.endsWith("_count") ? MOST_MEDIA : MOST_TOKENS);
  };
  const hasMedia = window.text_tokens !== undefined;
  const input = of(hasMedia ? "text_tokens" : "input_tokens", "a histogram of prompts' lengths");
  const output = of("output_tokens", "a histogram of answers' lengths");
  const media = (hasMedia ? MEDIA : [])
    .filter((each) =>
      window[`${each}_tokens`] !== undefined || window[`${each}_count`] !== undefined
    )
    .map((medium) => ({
      medium,
      count: of(`${medium}_count`, `a histogram, as there is one of ${medium}_tokens`),
      tokens: of(`${medium}_tokens`, `a histogram, as there is one of ${medium}_count`),
    }));
  if (input === undefined || output === undefined) return undefined;
  const full = media.flatMap(({ medium, count, tokens }) =>
    count === undefined || tokens === undefined ? [] : [{ medium, count, tokens }]
  );
  return full.length === media.length ? { input, media: full, output } : undefined;
}

function distributionOf(
  text: string,
  place: { file: string; field: string },
  most: number,
): TokenDistribution | undefined {
  const entries = Array.from(
    text.matchAll(/([^{},:\s]+)\s*:\s*([^{},:\s]+)/g),
    ([, key, share]) => {
      const tokens = Number(key);
      const chance = Number(share);
      if (!Number.isInteger(tokens) || tokens < 0 || tokens > most || !(chance >= 0)) {
        const expected = `whole numbers from 0 to ${most} with shares of at least 0`;
        throw new InputError({ ...place, value: `${key}: ${share}`, expected });
      }
      return { tokens, chance };
    },
  ).sort((a, b) => a.tokens - b.tokens);
  const total = entries.reduce((sum, { chance }) => sum + chance, 0);
  if (!(total > 0)) return undefined;
  let sum = 0;
  return {
    tokens: Int32Array.from(entries, ({ tokens }) => tokens),
    upTo: Float64Array.from(entries, ({ chance }) => (sum += chance) / total),
  };
}
