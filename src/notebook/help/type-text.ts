import type { DocMember, DocParam, DocType } from "./deno-doc.ts";

type Of<T> = T & Record<string, unknown>;

function list(types: unknown, separator: string): string {
  return (types as readonly DocType[]).map(typeText).join(separator);
}

/** A function type needs brackets in a union or before `[]`. */
function bracketed(type: DocType): string {
  const text = typeText(type);
  return ["fnOrConstructor", "union", "intersection", "typeOperator"].includes(type.kind)
    ? `(${text})`
    : text;
}

function literalText(value: Of<{ kind: string }>): string {
  if (value.kind === "string") return JSON.stringify(value.string);
  return String(value[value.kind] ?? value.kind);
}

function paramText(param: DocParam): string {
  const { kind, name, optional, tsType, left, arg } = param;
  if (kind === "assign" && left !== undefined) return paramText({ ...left, optional: true });
  if (kind === "rest" && arg !== undefined) return `...${paramText({ ...arg, tsType })}`;
  const type = tsType === undefined ? "" : `: ${typeText(tsType)}`;
  return `${name ?? "options"}${optional ? "?" : ""}${type}`;
}

/** Parameters and result of a function: `(a: string, b?: number): void`. */
export function callText(
  params: readonly DocParam[],
  returnType: DocType | undefined,
  arrow = ": ",
): string {
  const result = returnType === undefined ? "" : `${arrow}${typeText(returnType)}`;
  return `(${params.map(paramText).join(", ")})${result}`;
}

function memberText({ name, optional, tsType, params, returnType }: DocMember): string {
  const mark = optional ? "?" : "";
  if (params !== undefined) return `${name}${mark}${callText(params, returnType)}`;
  return `${name}${mark}${tsType === undefined ? "" : `: ${typeText(tsType)}`}`;
}

/** A type as it is written in TypeScript. */
export function typeText(type: DocType): string {
  const value = type.value as Of<object>;
  switch (type.kind) {
    case "typeRef": {
      const params = value.typeParams === undefined ? "" : `<${list(value.typeParams, ", ")}>`;
      return `${value.typeName}${params}`;
    }
    case "literal":
      return literalText(value as Of<{ kind: string }>);
    case "array":
      return `${bracketed(type.value as DocType)}[]`;
    case "union":
      return list(type.value, " | ");
    case "intersection":
      return list(type.value, " & ");
    case "parenthesized":
      return `(${typeText(type.value as DocType)})`;
    case "tuple":
      return `[${list(type.value, ", ")}]`;
    case "rest":
      return `...${typeText(type.value as DocType)}`;
    case "optional":
      return `${typeText(type.value as DocType)}?`;
    case "typeOperator":
      return `${value.operator} ${typeText(value.tsType as DocType)}`;
    case "typeQuery":
      return `typeof ${type.value}`;
    case "indexedAccess":
      return `${typeText(value.objType as DocType)}[${typeText(value.indexType as DocType)}]`;
    case "fnOrConstructor":
      return callText(value.params as DocParam[], value.tsType as DocType, " => ");
    case "typeLiteral": {
      const { properties = [], methods = [] } = value as Of<
        { properties?: DocMember[]; methods?: DocMember[] }
      >;
      return `{ ${[...properties, ...methods].map(memberText).join("; ")} }`;
    }
    default:
      return type.repr ?? "…";
  }
}
