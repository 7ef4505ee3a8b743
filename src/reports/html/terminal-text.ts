import { stripVTControlCharacters } from "node:util";

const ESCAPE = "\u001b";
/** Select Graphic Rendition: colours and weights, the only escapes a page can show. */
const COLOUR = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);

function withoutControls(text: string): string {
  let kept = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code === 0x0a || code === 0x09 || (code >= 0x20 && code !== 0x7f && !isC1(code))) {
      kept += character;
    }
  }
  return kept;
}

function isC1(code: number): boolean {
  return code >= 0x80 && code <= 0x9f;
}

function lastState(line: string): string {
  // A progress bar writes over its line: what was written last is what a terminal shows.
  const states = line.split("\r").filter((state) => state !== "");
  return states.at(-1) ?? "";
}

/**
 * The text a terminal would end up with: overwritten lines (`\r`) settled, every escape sequence gone
 * but colours, no other control characters.
 */
export function settleTerminalText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map(lastState)
    .join("\n")
    .split(COLOUR)
    .map((part, index) => index % 2 === 1 ? part : withoutControls(stripVTControlCharacters(part)))
    .join("");
}
