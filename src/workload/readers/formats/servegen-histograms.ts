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

/** A histogram as a Python dictionary in a string: `{163: 0.001, 164: 0.004}`. */
const Histogram = z.string().regex(
  /^\{(?:\s*[0-9.]+\s*:\s*[0-9.eE+-]+\s*(?:,|(?=\})))*\s*\}$/,
  { error: "a dictionary of lengths and shares like {163: 0.001, 164: 0.004}" },
);
/** What a prompt of a multimodal client consists of. */
const PARTS = ["text_tokens", "image_tokens", "audio_tokens", "video_tokens"] as const;
const COUNTS = ["image_count", "audio_count", "video_count"] as const;
const Language = z.looseObject({ input_tokens: Histogram, output_tokens: Histogram });
const Multimodal = z.looseObject({
  text_tokens: Histogram,
  ...Object.fromEntries([...PARTS.slice(1), ...COUNTS].map((name) => [name, Histogram.optional()])),
  output_tokens: Histogram,
});
const Windows = z.record(z.string().regex(/^\d+$/), z.union([Language, Multimodal]));
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
  /** Parts of a prompt, each drawn for itself: one, or of a multimodal client text, images and so on. */
  readonly input: readonly TokenDistribution[];
  readonly output: TokenDistribution;
}

/** Every client's histograms. */
export interface TokenHistograms {
  /** Start in seconds of the first six hours for which any client has histograms. */
  readonly first: number;
  /** Whether prompts are of several parts. */
  readonly multimodal: boolean;
  /** Whether some prompt has more than one image, sound or video. */
  readonly several: boolean;
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
  let multimodal = false, several = false;
  for (const [client, windows] of Object.entries(clients)) {
    for (const [start, window] of Object.entries(windows)) {
      const place = (name: string) => ({ file: source, field: `${client}.${start}.${name}` });
      const parts = "input_tokens" in window ? ["input_tokens"] : PARTS;
      const texts = window as Readonly<Record<string, string | undefined>>;
      const input = parts.flatMap((name) =>
        texts[name] === undefined
          ? []
          : distributionOf(texts[name], place(name), parts.length > 1 ? 0 : 1) ?? []
      );
      const output = distributionOf(texts.output_tokens!, place("output_tokens"), 1);
      multimodal ||= parts.length > 1;
      several ||= COUNTS.some((name) => texts[name] && greatest(texts[name], place(name)) > 1);
      // A multimodal client says of hours without requests that all is 0.
      const isEmpty = input.every(({ tokens }) => tokens[tokens.length - 1] === 0);
      if (input.length === 0 || isEmpty || output === undefined) continue;
      found.set(client, [...found.get(client) ?? [], { start: Number(start), input, output }]);
      first = Math.min(first, Number(start));
    }
  }
  for (const each of found.values()) each.sort((a, b) => a.start - b.start);
  if (found.size === 0) throw new InputError({ file: source, expected: "at least one histogram" });
  return {
    ...{ first, multimodal, several },
    of: (client, seconds) => found.get(client)?.findLast(({ start }) => start <= seconds),
  };
}

/** A prompt's length: its parts drawn one by one, at least 1. */
export function drawPrompt(parts: readonly TokenDistribution[], random: Random): number {
  return Math.max(1, parts.reduce((sum, part) => sum + drawTokens(part, random), 0));
}

/** A length drawn from a distribution. */
export function drawTokens({ tokens, upTo }: TokenDistribution, random: Random): number {
  const drawn = random.next();
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (upTo[middle] > drawn) high = middle;
    else low = middle + 1;
  }
  return tokens[low];
}

function distributionOf(
  text: string,
  place: { file: string; field: string },
  shortest: 0 | 1,
): TokenDistribution | undefined {
  const entries = Array.from(
    text.matchAll(/([^{},:\s]+)\s*:\s*([^{},:\s]+)/g),
    ([, key, share]) => {
      const tokens = Number(key);
      const chance = Number(share);
      if (!Number.isInteger(tokens) || tokens < 0 || tokens > MOST_TOKENS || !(chance >= 0)) {
        const expected = "whole lengths with shares of at least 0";
        throw new InputError({ ...place, value: `${key}: ${share}`, expected });
      }
      // A prompt or an answer of no tokens is none: the shortest that can be served is 1.
      return { tokens: Math.max(tokens, shortest), chance };
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

/** The greatest number that a histogram has. */
function greatest(text: string, place: { file: string; field: string }): number {
  const { tokens } = distributionOf(text, place, 0) ?? { tokens: Int32Array.of(0) };
  return tokens[tokens.length - 1];
}
