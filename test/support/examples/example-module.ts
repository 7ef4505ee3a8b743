import { stripTypeScriptTypes } from "node:module";
import { type Comment, type ExpressionStatement, type Node, parse, type Statement } from "acorn";
import type { DocExample } from "./doc-examples.ts";

/** Where names come from: of the API, of the example's own file, of what examples take for granted. */
export interface ExampleNames {
  readonly api: ReadonlySet<string>;
  /** Names within the API's namespaces, by the address of the namespace's module. */
  readonly spaces: ReadonlyMap<string, ReadonlySet<string>>;
  readonly own: ReadonlySet<string>;
  readonly fixtures: ReadonlySet<string>;
}

/** Addresses that an example's module imports from. */
export interface ExampleSources {
  readonly own: string;
  readonly fixtures: string;
  readonly check: string;
}

interface Parsed {
  /** What stands where types are, and nothing else. */
  readonly types: string;
  readonly body: readonly Statement[];
  readonly comments: readonly Comment[];
}

function parsed(code: string): Parsed {
  const comments: Comment[] = [];
  const stripped = stripTypeScriptTypes(code);
  const types = code.replace(/[^]/g, (char, i) => stripped[i] === " " ? char : " ");
  const { body } = parse(stripped, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowAwaitOutsideFunction: true,
    onComment: comments,
  });
  return { body: body as Statement[], comments, types };
}

/** What cannot be parsed is left for the compiler to refuse. */
function tryParsed(code: string): Parsed | null {
  try {
    return parsed(code);
  } catch {
    return null;
  }
}

type AnyNode = Node & Record<string, unknown>;

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** Names that the code uses and does not declare. */
function freeNames(body: readonly Statement[]): Set<string> {
  const used = new Set<string>();
  const declared = new Set<string>();
  const declare = (pattern: unknown): void => {
    if (!isNode(pattern)) return;
    if (pattern.type === "Identifier") declared.add(pattern.name as string);
    else if (pattern.type === "Property") declare(pattern.value);
    else if (pattern.type === "AssignmentPattern") declare(pattern.left);
    else if (pattern.type === "RestElement") declare(pattern.argument);
    else for (const part of [pattern.properties, pattern.elements].flat()) declare(part);
  };
  const visit = (node: AnyNode): void => {
    if (node.type === "Identifier") used.add(node.name as string);
    if (node.type === "VariableDeclarator") declare(node.id);
    if (/Function/.test(node.type)) {
      for (const param of node.params as unknown[]) {
        declare(param);
      }
    }
    if (/^Import.*Specifier$/.test(node.type)) declare(node.local);
    if (/^(?:Class|Function)Declaration$/.test(node.type)) declare(node.id);
    for (const [key, value] of Object.entries(node)) {
      const named = (key === "property" || key === "key") && node.computed === false;
      if (named && !(node.type === "Property" && node.shorthand === true)) continue;
      for (const child of [value].flat()) if (isNode(child)) visit(child);
    }
  };
  for (const statement of body) visit(statement as unknown as AnyNode);
  return used.difference(declared);
}

/** A value that an example says it gives, at the start of the comment behind it. */
const VALUE = /^\s*(-?\d+(?:\.\d+)?|"(?:[^"\\]|\\.)*"|\[[^\]]*\])\s*(?:$|:)/;

function claimedValue(
  statement: Node,
  next: Node | undefined,
  { comments }: Parsed,
): string | null {
  const comment = comments.find(({ start }) =>
    start >= statement.end && (next === undefined || start < next.start)
  );
  return VALUE.exec(comment?.value ?? "")?.[1] ?? null;
}

/** The example's statements: exported, so that none is unused, and with its claims put to the test. */
function checkedBody(code: string, parts: Parsed): string {
  const { body } = parts;
  return body.map((statement, i) => {
    const source = code.slice(statement.start, statement.end);
    const value = claimedValue(statement, body[i + 1], parts);
    if (statement.type === "ExpressionStatement") {
      const { start, end } = (statement as ExpressionStatement).expression;
      return value === null ? source : `gives(${code.slice(start, end)}, ${value});`;
    }
    if (statement.type !== "VariableDeclaration") return source;
    const [{ id }] = statement.declarations;
    const check = value !== null && id.type === "Identifier" ? ` gives(${id.name}, ${value});` : "";
    return `export ${source}${check}`;
  }).join("\n");
}

/**
 * A TypeScript module of an example. A name is imported from the API, as by whoever reads it, else
 * from the example's own file, else from the fixtures, else from a namespace of the API; a name that nobody has fails to compile. A value in a
 * comment (`mean([1, 3]); // 2`) is checked when the module runs.
 */
export function exampleModule(
  { code }: DocExample,
  names: ExampleNames,
  sources: ExampleSources,
): string {
  const parts = tryParsed(code);
  if (parts === null) return code;
  const free = [...freeNames(parts.body), ...parts.types.match(/(?<![.\w])[A-Z]\w*/g) ?? []];
  const taken = new Set<string>();
  const imported = (from: ReadonlySet<string>, source: string): string => {
    const list = free.filter((name) => from.has(name) && !taken.has(name));
    for (const name of list) taken.add(name);
    return list.length === 0 ? "" : `import { ${list.join(", ")} } from ${JSON.stringify(source)};`;
  };
  const body = checkedBody(code, parts);
  return [
    imported(names.api, "driftsched"),
    imported(names.own, sources.own),
    imported(names.fixtures, sources.fixtures),
    ...Array.from(names.spaces, ([address, inside]) => imported(inside, address)),
    body.includes("gives(") ? `import { gives } from ${JSON.stringify(sources.check)};` : "",
    body,
    "export {};",
  ].filter((line) => line !== "").join("\n");
}
