/** Letters to change, add or leave out to turn one word into another (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + Number(a[i - 1] !== b[j - 1]);
      row.push(Math.min(previous[j] + 1, row[j - 1] + 1, replaced));
    }
    previous = row;
  }
  return previous[b.length];
}

const SHOWN = 6;

/**
 * The names that somebody may have meant: those with the same last part, those that contain what was
 * written, and those that a few letters make of it; the closest first.
 */
export function closeNames(written: string, names: readonly string[]): string[] {
  const wanted = written.toLowerCase();
  const rated = names.map((name) => {
    const last = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
    const distance = Math.min(
      editDistance(wanted, last),
      editDistance(wanted, name.toLowerCase()),
    );
    const contained = wanted.length > 2 && last.includes(wanted);
    const few = Math.max(2, Math.min(wanted.length, last.length) / 3);
    return { name, distance, close: contained || distance <= few };
  });
  return rated.filter(({ close }) => close)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN).map(({ name }) => name);
}
