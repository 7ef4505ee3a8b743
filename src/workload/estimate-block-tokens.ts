import type { PromptBlocks } from "./workload.ts";

/** Sweeps of the two iterations at most; both have settled long before on every trace tried. */
const MOST_SWEEPS = 2000;
const CONSISTENT_SWEEPS = 100;
/** Weight of the common mean beside the data, for parts that always come together. */
const TOWARDS_MEAN = 0.01;

/** Lengths of blocks that a trace does not tell, from what it tells of prompts. */
export interface EstimatedBlocks {
  /** Shape (values), tokens; of a prompt together at most its tokens. */
  readonly tokens: Int32Array;
  /** Mean tokens of a block by part; of one part "" where the blocks have none. */
  readonly means: ReadonlyMap<string, number>;
}

/**
 * Estimates how long blocks are where a trace has their ids and the prompts' lengths alone. Nothing is
 * drawn.
 *
 * 1. Blocks of one part have one mean: non-negative least squares of the prompts' tokens on their
 *    numbers of blocks by part, with a hundredth of the weight towards a common mean, as parts that
 *    always come together cannot be told apart.
 * 2. A block has one length wherever it is, or a common prefix would end in its middle. Of the
 *    lengths with which all prompts come out as long as they are, relative to the means the nearest
 *    are sought (Kaczmarz's projections, lengths not below one token).
 * 3. Lengths are rounded. What then lacks is given to the last block that this prompt alone has, or to
 *    none; what is too much is cut from the end, so that prefixes stay.
 *
 * Lengths of blocks that always come together remain a guess, and with them the share of prompts that
 * a cache can hold: say so where this is used.
 */
export function estimateBlockTokens(
  blocks: PromptBlocks,
  promptTokens: Int32Array,
): EstimatedBlocks {
  const { offsets, values, parts } = blocks;
  const partOf = parts?.codes ?? new Uint8Array(values.length);
  const names = parts?.names ?? [""];
  const means = meansByPart(blocks, { promptTokens, partOf, parts: names.length });
  const { place, count } = numbered(values);
  const lengths = consistentLengths(blocks, { promptTokens, place, partOf, means });
  const tokens = new Int32Array(values.length);
  for (let row = 0; row < promptTokens.length; row++) {
    let left = promptTokens[row];
    let own = -1;
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      tokens[at] = Math.min(left, Math.max(1, Math.round(lengths[place[at]])));
      left -= tokens[at];
      if (count[place[at]] === 1) own = at;
    }
    if (own < 0) continue;
    // The own block may have been too long for the rounding of those after it.
    tokens[own] += left;
  }
  return { tokens, means: new Map(names.map((name, part) => [name, means[part]])) };
}

/** Ids numbered from 0 by first use, and how often each is there. */
function numbered(values: Int32Array): { place: Int32Array; count: Int32Array } {
  const placeOf = new Map<number, number>();
  const place = values.map((id) => {
    let own = placeOf.get(id);
    if (own === undefined) placeOf.set(id, own = placeOf.size);
    return own;
  });
  const count = new Int32Array(placeOf.size);
  for (const each of place) count[each]++;
  return { place, count };
}

function meansByPart(
  { offsets }: PromptBlocks,
  { promptTokens, partOf, parts }: {
    promptTokens: Int32Array;
    partOf: ArrayLike<number>;
    parts: number;
  },
): Float64Array {
  // Normal equations: gram[p][q] sums products of counts, want[p] those of counts and tokens.
  const gram = Array.from({ length: parts }, () => new Float64Array(parts));
  const want = new Float64Array(parts);
  const counts = new Float64Array(parts);
  let tokens = 0;
  for (let row = 0; row < promptTokens.length; row++) {
    counts.fill(0);
    for (let at = offsets[row]; at < offsets[row + 1]; at++) counts[partOf[at]]++;
    if (offsets[row + 1] > offsets[row]) tokens += promptTokens[row];
    for (let p = 0; p < parts; p++) {
      want[p] += counts[p] * promptTokens[row];
      for (let q = 0; q < parts; q++) gram[p][q] += counts[p] * counts[q];
    }
  }
  const common = tokens / Math.max(1, offsets[promptTokens.length]);
  const trace = gram.reduce((sum, line, p) => sum + line[p], 0);
  const pull = TOWARDS_MEAN * trace / Math.max(1, parts);
  const means = new Float64Array(parts).fill(common);
  for (let sweep = 0; sweep < MOST_SWEEPS && pull > 0; sweep++) {
    let moved = 0;
    for (let p = 0; p < parts; p++) {
      let rest = want[p] + pull * common;
      for (let q = 0; q < parts; q++) if (q !== p) rest -= gram[p][q] * means[q];
      const mean = Math.max(0, rest / (gram[p][p] + pull));
      moved = Math.max(moved, Math.abs(mean - means[p]));
      means[p] = mean;
    }
    if (moved < 1e-9 * common) break;
  }
  return means;
}

function consistentLengths(
  { offsets, values }: PromptBlocks,
  { promptTokens, place, partOf, means }: {
    promptTokens: Int32Array;
    place: Int32Array;
    partOf: ArrayLike<number>;
    means: Float64Array;
  },
): Float64Array {
  const lengths = new Float64Array(values.length);
  const weight = new Float64Array(values.length);
  for (let at = 0; at < values.length; at++) {
    lengths[place[at]] = Math.max(1, means[partOf[at]]);
    weight[place[at]] = lengths[place[at]] ** 2;
  }
  for (let sweep = 0; sweep < CONSISTENT_SWEEPS; sweep++) {
    let worst = 0;
    for (let row = 0; row < promptTokens.length; row++) {
      const [start, end] = [offsets[row], offsets[row + 1]];
      let lacks = promptTokens[row];
      let weights = 0;
      for (let at = start; at < end; at++) {
        lacks -= lengths[place[at]];
        weights += weight[place[at]];
      }
      if (start === end) continue;
      worst = Math.max(worst, Math.abs(lacks));
      for (let at = start; at < end; at++) {
        const own = place[at];
        lengths[own] = Math.max(1, lengths[own] + lacks * weight[own] / weights);
      }
    }
    if (worst < 0.5) break;
  }
  return lengths;
}
