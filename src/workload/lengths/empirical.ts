import { type Random, uniformInt } from "../../random/substream.ts";
import type { LengthModel } from "./length-model.ts";

/**
 * Answer lengths drawn with replacement from observed ones, whatever the category: public length
 * data carries no category like the paper's.
 */
export function empiricalLengths(name: string, tokens: Int32Array): LengthModel {
  return {
    name,
    draw: (random: Random) => tokens[uniformInt(random, tokens.length)],
  };
}
