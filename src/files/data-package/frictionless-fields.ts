import * as z from "zod";

/** A column as Frictionless Table Schema has it, with its unit. */
export interface FrictionlessField {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly unit?: string;
  readonly constraints: Readonly<Record<string, unknown>>;
}

const CONSTRAINTS = ["minimum", "maximum", "minLength", "maxLength", "pattern", "enum"];

/**
 * Fields of a Table Schema from the zod schema of a row: type, description, unit and bounds, in the
 * order of the file's header.
 *
 * @param header columns of the file; the schema has to know each of them
 */
export function frictionlessFields(
  row: z.ZodObject,
  header: readonly string[],
): FrictionlessField[] {
  const { properties = {}, required = [] } = z.toJSONSchema(row);
  return header.map((name) => {
    const property = properties[name] as Record<string, unknown> | undefined;
    if (property === undefined) throw new TypeError(`Cannot describe column ${name}: no schema`);
    const { type, description, unit } = property;
    const bounds = CONSTRAINTS.filter((key) => property[key] !== undefined)
      .map((key) => [key, property[key]]);
    return {
      name,
      type: type as string,
      description: description as string,
      ...unit !== undefined && { unit: unit as string },
      constraints: { required: required.includes(name), ...Object.fromEntries(bounds) },
    };
  });
}
