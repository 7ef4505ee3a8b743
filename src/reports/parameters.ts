import { stripTypeScriptTypes } from "node:module";
import { type Expression, parse, type Program, type Property } from "acorn";
import { InputError } from "../errors/input-error.ts";
import { type Cell, type CodeCell, type Notebook, tagsOf, textOf } from "./notebook-format.ts";

/** Parameter names → values, in the order of the notebook or of the command line. */
export type ParameterValues = Readonly<Record<string, unknown>>;

const DECLARED = "parameters";
const INJECTED = "injected-parameters";

function isTagged(cell: Cell, tag: string): cell is CodeCell {
  return cell.cell_type === "code" && tagsOf(cell).includes(tag);
}

function parseProgram(code: string): Program | null {
  try {
    const options = { ecmaVersion: "latest", sourceType: "module" } as const;
    return parse(stripTypeScriptTypes(code, { mode: "strip" }), options);
  } catch {
    return null;
  }
}

/** The object literal of `const parameters = { … };`, or `null` where there is none. */
function literalOf(code: string): Expression | null {
  for (const statement of parseProgram(code)?.body ?? []) {
    if (statement.type !== "VariableDeclaration") continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === "Identifier" && id.name === DECLARED) return init ?? null;
    }
  }
  return null;
}

const NOT_LITERAL = Symbol("not a literal");

function nameOf(property: Property): string | null {
  const { computed, key } = property;
  if (computed) return null;
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" ? String(key.value) : null;
}

/** The value of an expression made of literals alone. */
function literalValue(node: Expression): unknown {
  switch (node.type) {
    case "Literal":
      return "regex" in node || "bigint" in node ? NOT_LITERAL : node.value;
    case "TemplateLiteral":
      return node.expressions.length > 0 ? NOT_LITERAL : node.quasis[0].value.cooked;
    case "UnaryExpression": {
      const value = literalValue(node.argument);
      return node.operator === "-" && typeof value === "number" ? -value : NOT_LITERAL;
    }
    case "ArrayExpression": {
      const values = node.elements.map((element) =>
        element === null || element.type === "SpreadElement" ? NOT_LITERAL : literalValue(element)
      );
      return values.includes(NOT_LITERAL) ? NOT_LITERAL : values;
    }
    case "ObjectExpression": {
      const entries: [string, unknown][] = [];
      for (const property of node.properties) {
        const name = property.type === "Property" ? nameOf(property) : null;
        const value = property.type === "Property" ? literalValue(property.value) : NOT_LITERAL;
        if (name === null || value === NOT_LITERAL) return NOT_LITERAL;
        entries.push([name, value]);
      }
      return Object.fromEntries(entries);
    }
    default:
      return NOT_LITERAL;
  }
}

/**
 * The parameters of a notebook and their defaults, read from the cell tagged `parameters` without
 * running it: `const parameters = { seeds: 30, rate: 0.4 };`, literals alone. Empty where no cell
 * has the tag. Throws an {@link InputError} that names `file` where the cell is anything else.
 */
export function readParameters(notebook: Notebook, file: string): ParameterValues {
  const tagged = notebook.cells.filter((cell) => isTagged(cell, DECLARED));
  if (tagged.length === 0) return {};
  const field = `cell ${tagged.at(-1)!.id}`;
  if (tagged.length > 1) {
    const value = `${tagged.length} such cells`;
    throw new InputError({ file, field, value, expected: "one cell tagged `parameters`" });
  }
  const source = textOf(tagged[0].source);
  const literal = literalOf(source);
  const values = literal?.type === "ObjectExpression" ? literalValue(literal) : NOT_LITERAL;
  if (values === NOT_LITERAL) {
    const expected = "`const parameters = { name: value, … };` with nothing but literals in it";
    throw new InputError({ file, field, value: source, expected });
  }
  return values as ParameterValues;
}

/**
 * `name=value` as given on the command line. The value is JSON where it parses as JSON, else the
 * text itself; of two values for one name the last counts.
 */
export function parseAssignments(assignments: readonly string[]): ParameterValues {
  const values = new Map<string, unknown>();
  for (const assignment of assignments) {
    const [, name, text] = /^([^=]+)=([\s\S]*)$/.exec(assignment) ?? [];
    if (name === undefined) {
      const expected = "name=value";
      throw new InputError({ file: "command line", field: "-p", value: assignment, expected });
    }
    let value: unknown = text;
    try {
      value = JSON.parse(text);
    } catch {
      // Not JSON: the text itself is the value.
    }
    values.set(name.trim(), value);
  }
  return Object.fromEntries(values);
}

export interface DeclaredParameters {
  /** Name of the notebook. */
  readonly name: string;
  readonly parameters: ParameterValues;
}

/**
 * Gives each notebook those of `values` that it knows, in the order of `notebooks`. Throws an
 * {@link InputError} for every name that none of them knows, with the names each one does.
 */
export function distributeParameters(
  notebooks: readonly DeclaredParameters[],
  values: ParameterValues,
): ParameterValues[] {
  const known = notebooks.map(({ name, parameters }) => {
    const names = Object.keys(parameters);
    return `${name} (${names.length > 0 ? names.join(", ") : "none"})`;
  });
  const expected = `a parameter of one of the notebooks: ${known.join("; ")}`;
  const problems = Object.entries(values)
    .filter(([field]) => !notebooks.some(({ parameters }) => Object.hasOwn(parameters, field)))
    .map(([field, value]) => ({
      file: "command line",
      field,
      value: typeof value === "string" ? value : JSON.stringify(value),
      expected,
    }));
  if (problems.length > 0) throw new InputError(problems);
  return notebooks.map(({ parameters }) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(parameters, name)))
  );
}

/**
 * The notebook with a cell tagged `injected-parameters` after its parameters that sets `values`, as
 * papermill does; a cell injected earlier is replaced. Without values there is no such cell. The
 * notebook passed in stays as it is.
 */
export function injectParameters(notebook: Notebook, values: ParameterValues): Notebook {
  const cells: Cell[] = notebook.cells.filter((cell) => !isTagged(cell, INJECTED));
  if (Object.keys(values).length === 0) return { ...notebook, cells };
  const injected: CodeCell = {
    cell_type: "code",
    id: INJECTED,
    metadata: { tags: [INJECTED] },
    execution_count: null,
    source: `Object.assign(parameters, ${JSON.stringify(values, null, 2)});`,
    outputs: [],
  };
  const after = cells.findIndex((cell) => isTagged(cell, DECLARED)) + 1;
  return { ...notebook, cells: cells.toSpliced(after, 0, injected) };
}
