import { fileURLToPath } from "node:url";
import { sourcesBelow } from "../../files/sources-below.ts";

/** The part of a type that is read of `deno doc --json`, version 2; `value` depends on `kind`. */
export interface DocType {
  readonly kind: string;
  readonly repr?: string;
  readonly value: unknown;
}

/** A comment, and its tags in order. */
export interface DocComment {
  readonly doc?: string;
  readonly tags?: readonly {
    readonly kind: string;
    readonly name?: string;
    readonly doc?: string;
  }[];
}

/** A property of an interface, or a member of a class. */
export interface DocMember {
  readonly name: string;
  readonly optional?: boolean;
  readonly tsType?: DocType;
  readonly jsDoc?: DocComment;
  readonly accessibility?: string;
  readonly params?: readonly DocParam[];
  readonly returnType?: DocType;
  readonly functionDef?: { readonly params: readonly DocParam[]; readonly returnType?: DocType };
}

/** A parameter: by name, taken apart, with a default, or the rest. */
export interface DocParam {
  readonly kind: string;
  readonly name?: string;
  readonly optional?: boolean;
  readonly tsType?: DocType;
  readonly left?: DocParam;
  readonly arg?: DocParam;
}

/** Where something is declared; `line` and `col` count from 0. */
export interface DocLocation {
  readonly filename: string;
  readonly line: number;
  readonly col: number;
}

/** What is known of a name. */
export interface DocDeclaration {
  readonly kind: string;
  /** `export`, or `private` for what a file keeps to itself. */
  readonly declarationKind?: string;
  readonly location: DocLocation;
  readonly jsDoc?: DocComment;
  readonly def?: {
    /** Of a `reference`: a name that is exported from elsewhere. */
    readonly target?: DocLocation;
    readonly tsType?: DocType;
    readonly extends?: DocType | readonly DocType[];
    readonly params?: readonly DocParam[];
    readonly returnType?: DocType;
    readonly properties?: readonly DocMember[];
    readonly methods?: readonly DocMember[];
    readonly constructors?: readonly DocMember[];
    readonly elements?: readonly DocSymbol[];
  };
}

/** A name and what is declared under it: a value, a type, or both. */
export interface DocSymbol {
  readonly name: string;
  readonly declarations: readonly DocDeclaration[];
}

const SOURCE = fileURLToPath(new URL("../../", import.meta.url));
const VERSION = 2;

function readAll(): ReadonlyMap<string, readonly DocSymbol[]> {
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", "--private", ...sourcesBelow(SOURCE)],
    cwd: SOURCE,
    env: { NO_COLOR: "1" },
  }).outputSync();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`deno doc: ${decoder.decode(stderr).trim().slice(-500)}`);
  const { version, nodes } = JSON.parse(decoder.decode(stdout));
  if (version !== VERSION) {
    throw new Error(`deno doc of Deno ${Deno.version.deno} has version ${version}, not ${VERSION}`);
  }
  return new Map(
    Object.entries<{ symbols?: readonly DocSymbol[] }>(nodes)
      .map(([url, { symbols = [] }]) => [url, symbols]),
  );
}

let all: ReadonlyMap<string, readonly DocSymbol[]> | undefined;

/**
 * What a source file declares, read from it by Deno's own `deno doc`, without network. All files are
 * read at once and once a process: an edited file is seen after a restart, as it is by imports.
 *
 * @param url `file:` URL of a file below `src/`
 */
export function documented(url: string): readonly DocSymbol[] {
  all ??= readAll();
  return all.get(url) ?? [];
}

/** Whether others can import it. */
export function isExported({ declarationKind }: DocDeclaration): boolean {
  return declarationKind === undefined || declarationKind === "export";
}

/** A declaration with the name that it has where it is made. */
export interface NamedDeclaration extends DocDeclaration {
  readonly declaredAs: string;
}

/** The declaration itself, however often it is exported from elsewhere. */
export function declarationOf(name: string, declaration: DocDeclaration): NamedDeclaration {
  const target = declaration.def?.target;
  if (target === undefined) return { ...declaration, declaredAs: name };
  for (const symbol of documented(target.filename)) {
    const found = symbol.declarations.find(({ location }) =>
      location.line === target.line && location.col === target.col
    );
    if (found !== undefined) return declarationOf(symbol.name, found);
  }
  throw new Error(`deno doc names no declaration at ${target.filename}:${target.line + 1}`);
}
