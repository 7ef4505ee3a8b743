import type { WorkloadFit } from "./fit-workload.ts";

/**
 * A fit as lines of text: streams, each statistic of the original beside the generated one, and the
 * misfits, or that there are none.
 *
 * @example
 * console.log(workloads.describeFit(fitWorkload(trace)));
 */
export function describeFit({ streams, goodness, misfits }: WorkloadFit): string {
  const number = (value: number) => Number(value.toPrecision(4)).toString().padStart(13);
  return [
    ...streams.map(({ name, requests, arrivals, lengths }) =>
      `${name}: ${requests} requests, ${arrivals}; ` +
      (lengths.length === 1 ? lengths[0] : `${lengths.length} classes`)
    ),
    `${"statistic".padEnd(16)}${"original".padStart(13)}${"generated".padStart(13)}   range`,
    ...goodness.map(({ statistic, original, generated, low, high, within }) =>
      `${statistic.padEnd(16)}${number(original)}${number(generated)}   ` +
      `${number(low).trim()} to ${number(high).trim()}${within ? "" : "  (misfit)"}`
    ),
    ...(misfits.length === 0
      ? ["No misfit found."]
      : misfits.map((misfit) => `Misfit: ${misfit}.`)),
  ].join("\n");
}
