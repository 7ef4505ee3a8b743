/** Relative changes that read well, from 1 outwards. */
const ROUND_CHANGES = {
  down: [-0.1, -0.2, -0.3, -0.4, -0.5, -0.6, -0.7, -0.8, -0.9, -0.95, -0.99],
  up: [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 9, 19, 49, 99],
} as const;

/** How ticks fit an axis of ratios on a logarithmic scale. */
export interface RatioTicksOptions {
  /** Natural logarithms of ratio that a pixel is. */
  readonly perPixel: number;
  /** Pixels that a tick needs for its label. */
  readonly room: number;
}

/** Ratios at round changes, from 1 outwards, as many as have room for their labels. */
export function ratioTicks(
  [least, most]: readonly number[],
  { perPixel, room }: RatioTicksOptions,
): number[] {
  const outwards = (changes: readonly number[]) => {
    let last = 0;
    return changes.flatMap((change) => {
      const place = Math.log1p(change);
      if (Math.abs(place - last) < room * perPixel) return [];
      last = place;
      return [1 + change];
    });
  };
  const ratios = [...outwards(ROUND_CHANGES.down), 1, ...outwards(ROUND_CHANGES.up)];
  return ratios.filter((ratio) => ratio >= least && ratio <= most);
}
