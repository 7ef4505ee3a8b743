/** What {@link nelderMead} found. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

/** How {@link nelderMead} searches. */
export interface NelderMeadOptions {
  /** Where it starts. Shape (n). */
  readonly start: readonly number[];
  /** How far it looks along each axis at first, not 0. Shape (n). */
  readonly steps: readonly number[];
  /** Moves of the simplex. @default 200 */
  readonly moves?: number;
}

/**
 * A minimum of a function of several numbers that has no derivative, by the simplex of Nelder and Mead
 * (Computer Journal 7, 1965): reflection 1, expansion 2, contraction and shrinking 1/2. Deterministic.
 * It finds a low point near the start, not the lowest of all.
 *
 * @param of may be Infinity where it has no value
 */
export function nelderMead(
  of: (at: readonly number[]) => number,
  { start, steps, moves = 200 }: NelderMeadOptions,
): Minimum {
  const pointAt = (at: readonly number[]): Minimum => ({ at, value: of(at) });
  const n = start.length;
  let simplex = [
    pointAt(start),
    ...steps.map((step, i) => pointAt(start.map((x, j) => i === j ? x + step : x))),
  ];
  const ascending = (a: Minimum, b: Minimum) => a.value - b.value;
  for (let move = 0; move < moves; move++) {
    simplex.sort(ascending);
    const worst = simplex[n], best = simplex[0];
    const centre = start.map((_, j) => simplex.slice(0, n).reduce((s, { at }) => s + at[j], 0) / n);
    /** On the line from the worst point, at 1, to the centre, at 0. */
    const along = (t: number) => pointAt(centre.map((x, j) => x + t * (worst.at[j] - x)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[n - 1].value) {
      simplex[n] = reflected;
    } else {
      const contracted = reflected.value < worst.value ? along(-0.5) : along(0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[n] = contracted;
      else {
        simplex = simplex.map((point) =>
          point === best ? best : pointAt(point.at.map((x, j) => (x + best.at[j]) / 2))
        );
      }
    }
  }
  return simplex.sort(ascending)[0];
}
