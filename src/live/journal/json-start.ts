// deno-lint-ignore-file no-control-regex -- what JSON may not hold
/** Tokens of JSON as `JSON.stringify` writes it, each to be matched at one place. */
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\bfnrt]|u[0-9a-f]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?/y;
const WORD = /true|false|null/y;
/** The same tokens where the text ends within them. */
const CUT_STRING =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\bfnrt]|u[0-9a-f]{4}))*(?:\\(?:u[0-9a-f]{0,3})?)?$/y;
const CUT_NUMBER = /-?(?:(?:0|[1-9]\d*)(?:\.\d*|(?:\.\d+)?e[+-]?\d*)?)?$/y;
const CUT_WORDS = ["true", "false", "null"];

/**
 * Whether a text is how a JSON object begins that `JSON.stringify` writes, cut somewhere before its
 * end. An object that is whole is no beginning, nor is anything behind it.
 */
export function isStartOfJsonObject(text: string): boolean {
  if (!text.startsWith("{")) return false;
  const closings: string[] = ["}"];
  let at = 1;
  /** What may come: an element, a name of an object, or what follows on an element. */
  let expected: "first" | "element" | "next" = "first";
  const token = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return false;
    at += found[0].length;
    return true;
  };
  while (at < text.length) {
    const closing = closings[closings.length - 1];
    if (expected !== "element" && text[at] === closing) {
      at++;
      closings.pop();
      if (closings.length === 0) return false;
      expected = "next";
    } else if (expected === "next") {
      if (text[at] !== ",") return false;
      at++;
      expected = "element";
    } else {
      if (closing === "}") {
        if (!token(STRING)) return token(CUT_STRING);
        if (at === text.length) return true;
        if (text[at] !== ":") return false;
        at++;
        if (at === text.length) return true;
      }
      const open = text[at] === "{" ? "}" : text[at] === "[" ? "]" : null;
      if (open !== null) {
        closings.push(open);
        at++;
        expected = "first";
        continue;
      }
      const start = at;
      if (!token(STRING) && !token(NUMBER) && !token(WORD)) {
        return token(CUT_STRING) || token(CUT_NUMBER) ||
          CUT_WORDS.some((word) => word.startsWith(text.slice(start)));
      }
      // What is there of a number may be one that is whole: "1" of "1.", which is cut.
      if (/\d/.test(text[at - 1]) && /[.e]/.test(text[at] ?? "")) {
        at = start;
        return token(CUT_NUMBER);
      }
      expected = "next";
    }
  }
  return true;
}
