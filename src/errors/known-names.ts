import { InputError } from "./input-error.ts";

/**
 * Refuses options that have names which are not known; an {@link InputError} names the first such
 * option, its value and the known names. `undefined` passes: nothing is asked for then.
 *
 * @param file what the options are of, for the error: `paperGrid options`
 * @param known every name, as the keys of an object, so that a type can see that none is missing
 *
 * @example
 * assertKnownNames({ seeds: 3 }, { seeds: true, workload: true }, "paperGrid options");
 */
export function assertKnownNames(
  options: object,
  known: Readonly<Record<string, true>>,
  file: string,
): void {
  for (const [field, value] of Object.entries(options)) {
    if (Object.hasOwn(known, field)) continue;
    const expected = `a known name, one of ${Object.keys(known).join(", ")}`;
    throw new InputError({ file, field, value, expected });
  }
}
