// Where a request stands, by code. Terminal states have the code of a run's `status` column.

export const COMPLETED = 0;
/** Refused on arrival: too long for the server. */
export const REJECTED = 2;
/** Aborted: its client is gone. */
export const CANCELLED = 3;
/** The server's scheduler has it. */
export const AT_SERVER = 254;
/** Not there yet: on its way through the front end, or not submitted. */
export const OPEN = 255;
