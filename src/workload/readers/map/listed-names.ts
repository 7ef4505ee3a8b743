/** Characters of a name that are shown. */
const LONGEST_NAME = 60;

/**
 * Names of a file for a message: the first `most`, each no longer than a line of it. What a file calls
 * its columns may be of any length.
 */
export function listedNames(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map((name) =>
    name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name
  );
  return shown.join(", ") + (names.length > most ? ", …" : "");
}
