import {
  declarationOf,
  type DocComment,
  type DocDeclaration,
  type DocMember,
  type DocType,
  documented,
} from "./deno-doc.ts";
import { type SchemaField, sourceText } from "./source-text.ts";
import { callText, typeText } from "./type-text.ts";

/** An option, or a property of a value. */
export interface Field {
  readonly name: string;
  /** As TypeScript or as a zod schema. */
  readonly type: string;
  readonly optional: boolean;
  readonly default?: string;
  readonly doc: string;
  /** Fields of its own, where it holds options itself. */
  readonly fields: readonly Field[];
}

interface Place {
  readonly url: string;
  readonly name: string;
}

/** How deep options inside options are shown. */
const DEPTH = 3;
const LONGEST_SCHEMA = 100;
const OF_SCHEMA = new Set(["z.input", "z.output", "z.infer"]);

/** Text of a comment, and what its `@default` says, wherever it stands. */
export function commentParts(comment: DocComment | string | undefined): {
  readonly doc: string;
  readonly default?: string;
} {
  const { doc = "", tags = [] } = typeof comment === "string" ? { doc: comment } : comment ?? {};
  const tagged = tags.find(({ kind }) => kind === "default") as { value?: string } | undefined;
  const [text, inline] = doc.split(/\s*@default\s+/);
  const stated = inline ?? tagged?.value ?? (tagged as { doc?: string } | undefined)?.doc;
  const plain = stated?.replace(/\{@link\s+([^}]+?)\s*\}/g, "$1").trim();
  return { doc: text.trim(), ...(plain === undefined ? {} : { default: plain }) };
}

/** The file and name that a name in a file stands for; null for what a library declares. */
function placeOf(name: string, url: string): Place | null {
  const symbol = documented(url).find((each) => each.name === name);
  if (symbol !== undefined) {
    const { location, declaredAs } = declarationOf(name, symbol.declarations[0]);
    return { url: location.filename, name: declaredAs };
  }
  const imported = sourceImport(name, url);
  return imported === null ? null : placeOf(imported.name, imported.url);
}

function sourceImport(name: string, url: string): Place | null {
  const found = sourceText(url).importOf(name);
  if (found === null || !found.source.startsWith(".")) return null;
  return { url: new URL(found.source, url).href, name: found.name };
}

function declarationsAt({ url, name }: Place): readonly DocDeclaration[] {
  return documented(url).find((symbol) => symbol.name === name)?.declarations ?? [];
}

/** Where the type of an import is declared, as `deno doc` says. */
function placeOfRef(value: Record<string, unknown>, url: string): Place | null {
  const name = String(value.typeName);
  const resolution = value.resolution as
    | { kind: string; specifier?: string; name?: string }
    | undefined;
  if (resolution?.kind === "local") return placeOf(name, url);
  if (resolution?.kind !== "import" || !resolution.specifier?.startsWith(".")) return null;
  return placeOf(resolution.name ?? name, new URL(resolution.specifier, url).href);
}

function memberField(member: DocMember): Field {
  const { name, optional = false, tsType, params, returnType, functionDef, jsDoc } = member;
  const call = functionDef ?? (params === undefined ? undefined : { params, returnType });
  return {
    name,
    type: call === undefined
      ? tsType === undefined ? "" : typeText(tsType)
      : callText(call.params, call.returnType, " => "),
    optional,
    ...commentParts(jsDoc),
    fields: [],
  };
}

/** A schema as written, or the type that a check of its own stands for, cut where it is long. */
function schemaText(schema: string): string {
  const text = /^z\.custom<(.+?)>\(/.exec(schema)?.[1] ?? schema;
  return text.length > LONGEST_SCHEMA ? `${text.slice(0, LONGEST_SCHEMA - 1)}…` : text;
}

function schemaField(field: SchemaField, url: string, depth: number): Field {
  const { doc, default: stated } = commentParts(field.doc);
  const fallback = field.default === "{}" ? undefined : field.default;
  const shown = stated ?? fallback;
  return {
    name: field.name,
    type: schemaText(field.schema),
    optional: field.optional,
    ...(shown === undefined ? {} : { default: shown }),
    doc,
    fields: field.refersTo === undefined ? [] : schemaFields(field.refersTo, url, depth - 1),
  };
}

/** Fields of the zod schema that a constant of a file holds. */
export function schemaFields(constant: string, url: string, depth = DEPTH): Field[] {
  if (depth <= 0) return [];
  const fields = sourceText(url).schemaFields(constant);
  if (fields !== null) {
    const shown = new Set<string>();
    return fields.filter(({ name, schema }) => {
      const key = `${name}: ${schema}`;
      return !shown.has(key) && shown.add(key);
    }).map((field) => schemaField(field, url, depth));
  }
  const imported = sourceImport(constant, url);
  return imported === null ? [] : schemaFields(imported.name, imported.url, depth);
}

function named(type: DocType): Set<string> {
  const parts = type.kind === "union" ? type.value as DocType[] : [type];
  return new Set(parts.flatMap(({ value }) => (value as { string?: string }).string ?? []));
}

function refFields(type: DocType, url: string, depth: number): Field[] {
  const value = type.value as Record<string, unknown>;
  const name = String(value.typeName);
  const [first, second] = (value.typeParams ?? []) as DocType[];
  if (OF_SCHEMA.has(name) && first?.kind === "typeQuery") {
    return schemaFields(String(first.value), url, depth);
  }
  if (/^(?:Readonly|Partial|Required|Pick|Omit)$/.test(name) && first !== undefined) {
    const fields = fieldsOf(first, url, depth);
    if (second === undefined) return fields;
    const names = named(second);
    return fields.filter((field) => names.has(field.name) === (name === "Pick"));
  }
  const place = placeOfRef(value, url);
  return place === null ? [] : fieldsAt(place, depth);
}

/** Not one whose name is a symbol, such as `[DISPLAY]`. */
const isNamed = ({ name }: DocMember) => !/^\[|^DISPLAY$/.test(name);

/** Properties of an interface, fields of a schema, members of a class, behind a name of a file. */
export function fieldsAt(place: Place, depth = DEPTH): Field[] {
  for (const { kind, def = {} } of declarationsAt(place)) {
    if (kind === "interface") {
      const above = [def.extends ?? []].flat() as DocType[];
      return [
        ...above.flatMap((type) => fieldsOf(type, place.url, depth)),
        ...[...def.properties ?? [], ...def.methods ?? []].filter(isNamed).map((member) =>
          withInner(memberField(member), member.tsType, place.url, depth)
        ),
      ];
    }
    if (kind === "typeAlias" && def.tsType !== undefined) {
      const fields = fieldsOf(def.tsType, place.url, depth);
      if (fields.length > 0) return fields;
    }
    if (kind === "variable") {
      const fields = schemaFields(place.name, place.url, depth);
      if (fields.length > 0) return fields;
    }
    if (kind === "class") {
      return [...def.properties ?? [], ...def.methods ?? []]
        .filter((member) => member.accessibility !== "private" && isNamed(member))
        .map(memberField);
    }
  }
  return [];
}

/** Options inside options: only of schemas, as an interface may hold anything. */
function withInner(field: Field, type: DocType | undefined, url: string, depth: number): Field {
  if (type?.kind !== "typeRef" || depth <= 1) return field;
  const value = type.value as Record<string, unknown>;
  const [first] = (value.typeParams ?? []) as DocType[];
  const isSchema = (OF_SCHEMA.has(String(value.typeName)) && first?.kind === "typeQuery") ||
    aliasesSchema(value, url);
  return isSchema ? { ...field, fields: refFields(type, url, depth - 1) } : field;
}

function aliasesSchema(value: Record<string, unknown>, url: string): boolean {
  const place = placeOfRef(value, url);
  return place !== null &&
    declarationsAt(place).some(({ kind, def }) =>
      kind === "typeAlias" && def?.tsType?.kind === "typeRef" &&
      OF_SCHEMA.has(String((def.tsType.value as { typeName: string }).typeName))
    );
}

/** Fields of a type used in a file; none of a type that is no record of this project's. */
export function fieldsOf(type: DocType, url: string, depth = DEPTH): Field[] {
  if (depth <= 0) return [];
  switch (type.kind) {
    case "typeRef":
      return refFields(type, url, depth);
    case "parenthesized":
      return fieldsOf(type.value as DocType, url, depth);
    case "intersection":
      return (type.value as DocType[]).flatMap((part) => fieldsOf(part, url, depth));
    case "typeLiteral": {
      const { properties = [] } = type.value as { properties?: DocMember[] };
      return properties.map((member) => withInner(memberField(member), member.tsType, url, depth));
    }
    default:
      return [];
  }
}
