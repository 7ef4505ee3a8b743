import { stripTypeScriptTypes } from "node:module";
import {
  type Comment,
  type Expression,
  type Node,
  parse,
  type Property,
  type Statement,
} from "acorn";

/** A field of a zod schema. */
export interface SchemaField {
  readonly name: string;
  /** Its schema as written, without the default: `z.int().min(2)`. */
  readonly schema: string;
  readonly optional: boolean;
  readonly default?: string;
  /** The comment above it. */
  readonly doc: string;
  /** Name of the schema that it refers to, if it is one. */
  readonly refersTo?: string;
}

/** Calls that say what happens where a field is absent. */
const WHEN_ABSENT = new Set(["default", "prefault", "optional", "nullish"]);
/** Calls that take an object of fields. */
const OF_FIELDS = new Set(["object", "strictObject", "looseObject", "extend", "safeExtend"]);

interface Call {
  readonly name: string;
  readonly args: readonly Node[];
  readonly on: Node;
}

function callOf(node: Node): Call | null {
  if (node.type !== "CallExpression") return null;
  const { callee, arguments: args } = node as unknown as { callee: Node; arguments: Node[] };
  if (callee.type !== "MemberExpression") return null;
  const { object, property } = callee as unknown as { object: Node; property: { name: string } };
  return { name: property.name, args, on: object };
}

/** Null for a file with parameter properties or the like, of which then less is known. */
function withoutTypes(text: string): string | null {
  try {
    return stripTypeScriptTypes(text);
  } catch {
    return null;
  }
}

/** Comment text without its stars. */
function commentText({ value }: Comment): string {
  return value.replace(/^\*/, "").replace(/^\s*\* ?/gm, "").trim();
}

/**
 * A source file as its author wrote it: signatures with their defaults, fields of schemas with their
 * comments. Types are blanked out for the parser; places stay.
 */
export class SourceText {
  readonly #text: string;
  readonly #body: readonly Statement[];
  readonly #comments: Comment[] = [];

  constructor(text: string) {
    this.#text = text;
    const code = withoutTypes(text);
    this.#body = code === null ? [] : parse(code, {
      ecmaVersion: "latest",
      sourceType: "module",
      locations: true,
      onComment: this.#comments,
    }).body as Statement[];
  }

  /** The head of the function declared in a line (from 1), from its name to its result. */
  signature(line: number): string | null {
    for (const statement of this.#body) {
      const declared = declarationOf(statement);
      if (statement.loc!.start.line !== line || declared?.type !== "FunctionDeclaration") continue;
      const { id, body } = declared as unknown as { id: Node; body: Node };
      return this.#text.slice(id.start, body.start).replace(/\s+/g, " ").trim()
        .replaceAll("( ", "(").replaceAll(", )", ")");
    }
    return null;
  }

  /** Where a name comes from that the file imports or exports from elsewhere. */
  importOf(name: string): { readonly source: string; readonly name: string } | null {
    for (const statement of this.#body as readonly unknown[]) {
      const { type, source, specifiers = [], exported } = statement as {
        type: string;
        source?: { value: string } | null;
        specifiers?: readonly Record<string, { name: string }>[];
        exported?: { name: string } | null;
      };
      if (!source || !/^(?:Import|Export(?:Named|All))Declaration$/.test(type)) continue;
      if (exported?.name === name) return { source: source.value, name: "*" };
      const found = specifiers.find((each) => (each.exported ?? each.local).name === name);
      if (found === undefined) continue;
      const inner = type === "ImportDeclaration" ? found.imported : found.local;
      return { source: source.value, name: inner?.name ?? "*" };
    }
    return null;
  }

  /** Fields of the schema that a constant holds, or null where it holds no schema of fields. */
  schemaFields(constant: string): SchemaField[] | null {
    const schema = this.#constant(constant);
    return schema === null ? null : this.#fieldsOf(schema);
  }

  /** The constant's value as written. */
  constantText(constant: string): string | null {
    const value = this.#constant(constant);
    return value === null ? null : this.#text.slice(value.start, value.end);
  }

  #constant(name: string): Expression | null {
    for (const statement of this.#body) {
      const declared = declarationOf(statement);
      if (declared?.type !== "VariableDeclaration") continue;
      for (const { id, init } of declared.declarations) {
        if (id.type === "Identifier" && id.name === name) return init ?? null;
      }
    }
    return null;
  }

  #fieldsOf(node: Node): SchemaField[] | null {
    if (node.type === "Identifier") {
      return this.schemaFields((node as Node & { name: string }).name);
    }
    const call = callOf(node);
    if (call === null) return null;
    const [argument] = call.args;
    if (OF_FIELDS.has(call.name) && argument?.type === "ObjectExpression") {
      const { properties } = argument as Node & { properties: readonly Property[] };
      const before = call.name.endsWith("xtend") ? this.#fieldsOf(call.on) ?? [] : [];
      return [...before, ...this.#properties(properties, argument.start)];
    }
    const alternatives = call.args.find((arg) => arg.type === "ArrayExpression");
    if (/union$/i.test(call.name) && alternatives !== undefined) {
      const { elements } = alternatives as Node & { elements: readonly Node[] };
      return elements.flatMap((element) => this.#fieldsOf(element) ?? []);
    }
    return this.#fieldsOf(call.on);
  }

  #properties(properties: readonly Property[], start: number): SchemaField[] {
    let from = start;
    return properties.flatMap((property): SchemaField[] => {
      const comment = this.#comments.findLast((each) =>
        each.type === "Block" && each.start >= from && each.end <= property.start
      );
      from = property.end;
      if (property.type !== "Property") return [];
      const { name, value } = property.key as unknown as { name?: string; value?: string };
      const { schema, absent } = this.#withoutAbsence(property.value);
      return [{
        name: name ?? String(value),
        schema: this.#text.slice(schema.start, schema.end).replace(/\s+/g, " "),
        ...absent,
        doc: comment === undefined ? "" : commentText(comment),
        ...(schema.type === "Identifier"
          ? { refersTo: (schema as Node & { name: string }).name }
          : {}),
      }];
    });
  }

  /** Takes `.default(…)` and `.optional()` off a schema. */
  #withoutAbsence(node: Node): {
    readonly schema: Node;
    readonly absent: Pick<SchemaField, "optional" | "default">;
  } {
    let schema = node;
    let absent: Pick<SchemaField, "optional" | "default"> = { optional: false };
    for (let call = callOf(schema); call !== null && WHEN_ABSENT.has(call.name);) {
      const [argument] = call.args;
      const text = argument && this.#text.slice(argument.start, argument.end).replace(/\s+/g, " ");
      absent = { optional: true, ...(text === undefined ? {} : { default: text }) };
      schema = call.on;
      call = callOf(schema);
    }
    return { schema, absent };
  }
}

function declarationOf(statement: Statement): Statement | null {
  const { type, declaration } = statement as Statement & { declaration?: Statement };
  return (type as string) === "ExportNamedDeclaration" ? declaration ?? null : statement;
}

const cache = new Map<string, SourceText>();

/** The source file at a `file:` URL; once a process. */
export function sourceText(url: string): SourceText {
  let source = cache.get(url);
  if (source === undefined) {
    source = new SourceText(Deno.readTextFileSync(new URL(url)));
    cache.set(url, source);
  }
  return source;
}
