/** c₀ + c₁x + c₂x² + …, summed from the highest power down, so that it is rounded one way. */
export function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}
