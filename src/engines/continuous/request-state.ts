// Where a request stands, by code. Terminal states have the code of a run's `status` column.

export const COMPLETED = 0;
/** Refused on arrival: too long for the server. */
export const REJECTED = 2;
/** Not at its end, or not submitted yet. */
export const OPEN = 255;
