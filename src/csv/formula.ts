/** What a spreadsheet would take for a formula, with the apostrophes that were put before it. */
const FORMULA = /^'*[=+\-@\t\r]/;

/**
 * Text that no spreadsheet runs: an apostrophe goes before what begins with `=`, `+`, `-`, `@`, tab
 * or carriage return, and before what looks as if that had been done already, so that
 * {@link withFormula} gives every text back.
 */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** The text that {@link withoutFormula} was given. */
export function withFormula(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}
