import type { Random } from "../../random/substream.ts";

/** How long an answer would get if nothing cut it off. */
export interface LengthModel {
  readonly name: string;
  /** Tokens, not rounded, of an answer whose category has `cap` output tokens. */
  draw(random: Random, category: string, cap: number): number;
}
