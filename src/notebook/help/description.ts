import type { DocComment, DocParam, NamedDeclaration } from "./deno-doc.ts";
import { commentParts, type Field, fieldsAt, fieldsOf } from "./fields.ts";
import type { PublicName } from "./public-names.ts";
import { sourceText } from "./source-text.ts";
import { callText, typeText } from "./type-text.ts";

/** A group of options, or the properties of a value. */
export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly Field[];
}

/** What help says about a name. */
export interface Description {
  readonly name: string;
  /** As code. */
  readonly signature: string;
  readonly doc: string;
  readonly params: readonly { readonly name: string; readonly doc: string }[];
  readonly groups: readonly FieldGroup[];
  readonly returns: string;
  readonly throws: readonly string[];
  readonly examples: readonly string[];
  /** Below the repository. */
  readonly source: string;
}

const OPTIONS_LIKE = /(?:Options|Input|Parts|Parameters|Spec|Config)$/;

/** The name that somebody types: an export may have another name than the declaration. */
function renamed(signature: string, name: string): string {
  return name + signature.slice(/^\w*/.exec(signature)![0].length);
}

function signatureOf(name: string, declaration: NamedDeclaration): string {
  const { kind, location, def = {}, declaredAs } = declaration;
  switch (kind) {
    case "function": {
      const written = sourceText(location.filename).signature(location.line + 1);
      return written === null
        ? `${name}${callText(def.params ?? [], def.returnType)}`
        : renamed(written, name);
    }
    case "class": {
      const [constructor] = def.constructors ?? [];
      return `new ${name}${callText(constructor?.params ?? [], undefined)}`;
    }
    case "variable": {
      if (def.tsType !== undefined) return `const ${name}: ${typeText(def.tsType)}`;
      const text = sourceText(location.filename).constantText(declaredAs);
      return text !== null && text.length <= 200 ? `const ${name} = ${text}` : `const ${name}`;
    }
    case "interface":
      return `interface ${name}`;
    case "typeAlias":
      return `type ${name}${def.tsType === undefined ? "" : ` = ${typeText(def.tsType)}`}`;
    default:
      return `${kind} ${name}`;
  }
}

/** A parameter of options: by its name, its type's name, or because it has a default. */
function optionsOf(param: DocParam, url: string): FieldGroup[] {
  const inner = param.left ?? param;
  const { tsType, name } = inner;
  if (tsType === undefined) return [];
  const type = typeText(tsType);
  const isOptions = param.kind === "assign" || name === undefined || OPTIONS_LIKE.test(type) ||
    tsType.kind === "intersection" || /^(?:Pick|Omit)</.test(type);
  const fields = isOptions ? fieldsOf(tsType, url) : [];
  const title = /^\w+$/.test(type) ? `Options (${type})` : "Options";
  return fields.length === 0 ? [] : [{ title, fields }];
}

function groupsOf({ kind, location, def = {}, declaredAs }: NamedDeclaration): FieldGroup[] {
  const url = location.filename;
  const params = kind === "class" ? def.constructors?.[0]?.params : def.params;
  const options = (params ?? []).flatMap((param) => optionsOf(param, url));
  if (kind === "function") return options;
  const fields = fieldsAt({ url, name: declaredAs });
  const title = kind === "class" ? "Members" : "Fields";
  return fields.length === 0 ? options : [...options, { title, fields }];
}

const tagsOf = (comment: DocComment | undefined, kind: string) =>
  (comment?.tags ?? []).filter((tag) => tag.kind === kind);

/** Reads together what the source says about a name. */
export function describe({ name, declarations }: PublicName): Description {
  // A schema and its type share a name: the schema says more.
  const declaration = declarations.find(({ kind }) => kind === "variable") ?? declarations[0];
  const { jsDoc, location } = declaration;
  const [returns] = [...tagsOf(jsDoc, "return"), ...tagsOf(jsDoc, "returns")];
  return {
    name,
    signature: signatureOf(name, declaration),
    doc: commentParts(jsDoc).doc,
    params: tagsOf(jsDoc, "param").map(({ name = "", doc = "" }) => ({ name, doc })),
    groups: groupsOf(declaration),
    returns: returns?.doc ?? "",
    throws: tagsOf(jsDoc, "throws").map(({ doc = "", ...tag }) =>
      [(tag as { type?: string }).type, doc].filter(Boolean).join(" ")
    ),
    examples: tagsOf(jsDoc, "example").map(({ doc = "" }) => doc.trim()),
    source: `${location.filename.slice(location.filename.indexOf("/src/") + 1)}:${
      location.line + 1
    }`,
  };
}
