/** Parts of a text between separators that are not within double quotes. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === separator && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** The name in the double quotes with which a text begins, and the rest; undefined without any. */
export function unquoted(
  text: string,
): { readonly name: string; readonly rest: string } | undefined {
  // Two quotes within are one of the name.
  const [, name, rest] = /^"((?:[^"]|"")*)"(.*)$/s.exec(text) ?? [];
  return name === undefined ? undefined : { name: name.replaceAll('""', '"'), rest };
}

/** A name as it stands in a map: in quotes where it has to be. */
export function quotedName(name: string): string {
  return /[",=:|]|^\s|\s$|^$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
