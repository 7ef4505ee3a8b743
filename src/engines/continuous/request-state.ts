/**
 * Where a request stands, by code: {@link OPEN} until it ends, then a terminal state under the code
 * that it has in a run's `status` column.
 */
export const COMPLETED = 0;
/** Never ends on this server: vLLM preempts it for ever (see {@link ContinuousEngine}). */
export const FAILED = 1;
/** Refused on arrival: too long for the server. */
export const REJECTED = 2;
export const OPEN = 255;
