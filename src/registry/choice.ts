import type * as z from "zod";
import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import type { Named, Registry } from "./registry.ts";

/** What a definition has that can be chosen by name or be given itself. */
export interface Choosable extends Named {
  /** Options with their defaults; absent: it has none. */
  readonly options?: z.ZodType;
}

/**
 * How a user says which member of a registry is meant: by its name, by name and options, or by the
 * definition itself, registered or not. Options without a name are those of the default.
 */
export type Choice<D extends Choosable> =
  | string
  | { readonly name?: string; readonly options?: Readonly<Record<string, unknown>> }
  | D
  | { readonly definition: D; readonly options?: Readonly<Record<string, unknown>> };

/** A definition that was chosen, with its options as its own schema gave them back. */
export interface Chosen<D extends Choosable> {
  readonly definition: D;
  readonly options: unknown;
}

/** A choice as a file can hold it. */
export interface ChoiceRecord {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What {@link choose} needs to know of the kind that is chosen. */
export interface ChoiceRules<D extends Choosable> {
  readonly registry: Registry<D>;
  /** Taken where nothing is said. */
  readonly standard: D;
  /** What the choice was read from, for messages: `scheduler options`. */
  readonly file: string;
  /** Its field there. @default the registry's kind */
  readonly field?: string;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A definition has a function that makes what it defines; a name with options has none. */
function isDefinition<D extends Choosable>(value: object): value is D {
  return "create" in value && typeof value.create === "function" && "name" in value;
}

/**
 * Finds what a choice means and parses its options. Throws an InputError that names file and field:
 * for an unknown name with the known ones, for options that the definition does not have, and for a
 * value that is no choice.
 */
export function choose<D extends Choosable>(
  choice: Choice<D> | undefined,
  { registry, standard, file, field = registry.kind }: ChoiceRules<D>,
): Chosen<D> {
  const parsed = (definition: D, options: unknown): Chosen<D> => {
    const { kind } = registry;
    const named = `options of ${kind} ${definition.name}`;
    if (definition.options !== undefined) {
      return { definition, options: parseWith(definition.options, options, named) };
    }
    const [unknown] = Object.entries(options as object);
    if (unknown === undefined) return { definition, options: {} };
    const [name, value] = unknown;
    const expected = `no options: this ${kind} has none`;
    throw new InputError({ file: named, field: name, value, expected });
  };
  if (choice === undefined) return parsed(standard, {});
  if (typeof choice === "string") return parsed(registry.named(choice, file, field), {});
  if (isPlain(choice)) {
    if (isDefinition<D>(choice)) return parsed(choice, {});
    const { name, options, definition, ...rest } = choice as {
      name?: unknown;
      options?: unknown;
      definition?: unknown;
    };
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) {
      const expected = "a known name: name or options, the fields of a choice";
      throw new InputError({
        file,
        field: `${field}.${unknown}`,
        value: (rest as Record<string, unknown>)[unknown],
        expected,
      });
    }
    if (options !== undefined && !isPlain(options)) {
      const expected = "an object of options";
      throw new InputError({ file, field: `${field}.options`, value: options, expected });
    }
    if (definition !== undefined && !(isPlain(definition) && isDefinition<D>(definition))) {
      const expected = `a definition of a ${registry.kind}, with a name and a function create`;
      throw new InputError({ file, field: `${field}.definition`, value: definition, expected });
    }
    if (definition !== undefined && name !== undefined) {
      const expected = "nothing: the definition has its own";
      throw new InputError({ file, field: `${field}.name`, value: name, expected });
    }
    if (definition !== undefined) return parsed(definition, options ?? {});
    if (name === undefined) return parsed(standard, options ?? {});
    if (typeof name === "string") {
      return parsed(registry.named(name, file, `${field}.name`), options ?? {});
    }
  }
  throw new InputError({
    file,
    field,
    value: choice,
    expected: `the name of a ${registry.kind} (${registry.names.join(", ")}), ` +
      "{ name, options }, or a definition",
  });
}

/** What was chosen, as a file can hold it: the name, and the options after defaults. */
export function recordOf<D extends Choosable>({ definition, options }: Chosen<D>): ChoiceRecord {
  return { name: definition.name, options: options as Readonly<Record<string, unknown>> };
}
