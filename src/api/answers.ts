/**
 * What `whatIf` answers, as tables and as text.
 *
 * @module
 */
export {
  alternativeNumbers,
  alternatives,
  alternativesInWords,
  asMeasured,
  whoPays,
} from "../what-if/tables.ts";
export { whatIfText } from "../what-if/what-if-text.ts";
