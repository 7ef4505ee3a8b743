import { parsePythonJson } from "../../../errors/parse-json.ts";

/** Digits of a whole number that a double may not hold. */
const LONG = 16;

/** Whether a text has so many digits behind each other that they may be a number no double holds. */
export function hasLongNumber(text: string): boolean {
  // Of so many digits one stands at a multiple of their number: the other signs are not looked at.
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text, at)) continue;
    let [start, end] = [at, at + 1];
    while (start > 0 && isDigit(text, start - 1)) start--;
    while (end < text.length && isDigit(text, end)) end++;
    if (end - start >= LONG) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

const [QUOTE, BACKSLASH, MINUS] = Array.from('"\\-', (sign) => sign.charCodeAt(0));
/** What makes a run of digits a part of a number with a fraction or an exponent. */
const PART = new Set(Array.from(".eE+", (sign) => sign.charCodeAt(0)));

/** A text of JSON whose long whole numbers stand in quotes. */
function withLongQuoted(text: string): string {
  let result = "";
  let kept = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at++; at < text.length && text.charCodeAt(at) !== QUOTE; at++) {
        if (text.charCodeAt(at) === BACKSLASH) at++;
      }
    } else if (isDigit(text, at)) {
      const start = at > 0 && text.charCodeAt(at - 1) === MINUS ? at - 1 : at;
      let end = at + 1;
      while (end < text.length && isDigit(text, end)) end++;
      const isPart = PART.has(text.charCodeAt(start - 1)) || PART.has(text.charCodeAt(end));
      if (end - at >= LONG && !isPart) {
        result += `${text.slice(kept, start)}"${text.slice(start, end)}"`;
        kept = end;
      }
      at = end - 1;
    }
  }
  return result + text.slice(kept);
}

/**
 * A value of JSON, or of Python's; whole numbers of 16 digits and more, such as nanoseconds since 1970,
 * which no double holds, are texts of their digits. Throws what `JSON.parse` throws.
 */
export function parseExactJson(text: string): unknown {
  return parsePythonJson(hasLongNumber(text) ? withLongQuoted(text) : text);
}
