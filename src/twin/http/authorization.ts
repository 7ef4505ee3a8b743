import { createHash, timingSafeEqual } from "node:crypto";

const digestOf = (text: string) => createHash("sha256").update(text).digest();

/**
 * Whether a request's `Authorization` holds one of the keys: `Bearer`, one space, and the key to the
 * letter, as vLLM takes it. Compared by digests in constant time, every key each time, so that how long
 * it takes says nothing of how much was right.
 *
 * @param keys none: everybody is let in
 */
export function isLetIn(authorization: string | undefined, keys: readonly string[]): boolean {
  if (keys.length === 0) return true;
  const [, scheme, key] = /^([^ ]*) (.*)$/s.exec(authorization ?? "") ?? [];
  if (scheme?.toLowerCase() !== "bearer") return false;
  const given = digestOf(key);
  return keys.reduce((found, each) => timingSafeEqual(given, digestOf(each)) || found, false);
}
