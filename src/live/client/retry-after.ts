/** Seconds that a server may ask to wait at most: beyond, it is asked again to hear it again. */
const LONGEST_WAIT = 3600;

/**
 * Seconds that a `Retry-After` header asks to wait: a number of seconds or a date. Undefined for none
 * and for one that can't be read; at most an hour.
 */
export function retryAfterSeconds(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Math.min(LONGEST_WAIT, Number(header));
  const date = Date.parse(header);
  return Number.isNaN(date)
    ? undefined
    : Math.min(LONGEST_WAIT, Math.max(0, (date - Date.now()) / 1000));
}
