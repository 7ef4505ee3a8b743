/** Words by which logs and tables say that they have no value: those of nginx, pandas, Postgres, … */
const BLANK_WORDS = new Set([
  ...["", "-", "null", "NULL", "Null", "None", "NaN", "nan", "NA", "N/A", "n/a", "<nil>", "\\N"],
]);

/** Whether the text of a cell says that there is no value. */
export function isBlank(text: string): boolean {
  return text.length <= 5 && BLANK_WORDS.has(text);
}
