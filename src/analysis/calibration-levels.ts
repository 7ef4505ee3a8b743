import { CALIBRATORS } from "../estimation/calibrators/registry.ts";

const definitionOf = (name: string) => CALIBRATORS.get(name);

/** Whether a calibrator of that name learns; one that is not registered is taken to. */
export function learns(calibration: string): boolean {
  return definitionOf(calibration)?.learns ?? true;
}

/**
 * The level of a table's column `calibration` that is "off": the one that does not learn. Where no
 * level is known not to learn, the first, unless it is known to learn; undefined where there is none.
 *
 * @param levels levels of the column, once each, in order
 */
export function calibrationOff(levels: readonly string[]): string | undefined {
  const off = levels.find((level) => !learns(level));
  if (off !== undefined || levels.length < 2) return off;
  return definitionOf(levels[0]) === undefined ? levels[0] : undefined;
}

/**
 * The level of a table's column `calibration` that is "on": the first besides the one that is off,
 * see {@link calibrationOff}. Where a table has one level alone it is that one, whatever it does.
 * Throws a RangeError for no levels.
 *
 * @param levels levels of the column, once each, in order
 */
export function calibrationOn(levels: readonly string[]): string {
  const off = calibrationOff(levels);
  const on = levels.find((level) => level !== off) ?? levels.at(-1);
  if (on === undefined) throw new RangeError("no calibration to look at: the table has no level");
  return on;
}
