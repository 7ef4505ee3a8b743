/** What may stand between the cells of a line: spreadsheets of many countries write semicolons. */
const DELIMITERS = [",", ";", "\t"] as const;

/**
 * What stands between the cells of a table by its first line: of a comma, a semicolon and a tab the
 * most frequent outside of quotes, a comma where there is none.
 */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => bare.split(delimiter).length - 1;
  return DELIMITERS.reduce((best, each) => count(each) > count(best) ? each : best);
}
