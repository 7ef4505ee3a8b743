const NARROW = /[ijlt.,:;'|!()[\]f ]/;
const WIDE = /[mwMW@%→—]/;
const CAPITAL = /[A-Z0-9+−=<>]/;

/**
 * Width of a line of text in pixels, on the safe side for the sans-serif fonts that figures meet:
 * there is no layout outside a browser, and margins must not depend on one.
 */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const char of text) {
    if (NARROW.test(char)) em += 0.34;
    else if (WIDE.test(char)) em += 0.88;
    else if (CAPITAL.test(char)) em += 0.64;
    else em += char.codePointAt(0)! > 0x2e7f ? 1.05 : 0.57;
  }
  return em * fontSize;
}
