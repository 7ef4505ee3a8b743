/**
 * Whether a UTF-16 unit is whitespace to Python's `str.split()` (`str.isspace`). It differs from
 * JavaScript's `\s`: the separators U+001C–U+001F and U+0085 count, U+FEFF does not. All of them lie
 * in the basic plane, so no surrogate needs pairing.
 */
function isPythonSpace(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || unit >= 0x1c;
  if (unit < 0x85) return false;
  return unit === 0x85 || unit === 0xa0 || unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) || unit === 0x2028 || unit === 0x2029 ||
    unit === 0x202f || unit === 0x205f || unit === 0x3000;
}

/**
 * Number of whitespace-separated words of `text`, exactly Python's `len(text.split())`: the
 * reference system counts tokens this way in its `split` mode.
 */
export function countWords(text: string): number {
  let words = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i++) {
    const space = isPythonSpace(text.charCodeAt(i));
    if (!space && !inWord) words++;
    inWord = !space;
  }
  return words;
}
