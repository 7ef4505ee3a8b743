/** Terminal states of a request, by code. Every request of a finished run is in exactly one. */
export const STATUSES = ["completed", "failed", "rejected", "cancelled"] as const;
export type Status = (typeof STATUSES)[number];
