// Where a request stands, by code. Terminal states have the code of a run's `status` column.

export const COMPLETED = 0;
/** Never ends on this server: vLLM preempts it for ever (see `ContinuousEngine`). */
export const FAILED = 1;
/** Refused on arrival: too long for the server. */
export const REJECTED = 2;
/** Submitted, and not at its end. */
export const OPEN = 254;
/** Not submitted yet. */
export const EXPECTED = 255;
