import { headOf } from "../../workload/readers/parsing/head.ts";
import { formatNamed } from "../../workload/readers/registry.ts";
import { readBytes } from "../read-bytes.ts";
import { DATA_FOLDER, readBundled } from "../read-bundled.ts";
import { sha256 } from "../sha256.ts";
import { frictionlessFields } from "./frictionless-fields.ts";
import type { Licence, ResourceFacts, Source } from "./resource-facts.ts";
import { RESOURCES } from "./resources.ts";

/** A resource as Frictionless Data Package 2 has it; `unit` and `unpacked` are our additions. */
export interface Resource {
  readonly name: string;
  /** One file below `data/`, or several that belong together. */
  readonly path: string | readonly string[];
  /** Validators look into a JSON file that says nothing of itself, and take one for a pipeline. */
  readonly type?: "table" | "json";
  readonly title: string;
  readonly description: string;
  readonly format: string;
  readonly compression?: "gz";
  readonly encoding: "utf-8";
  /** Of the file as it lies here; of several files one after the other in the order of `path`. */
  readonly bytes: number;
  readonly hash: string;
  /** The same of the unpacked file, to compare with the source. */
  readonly unpacked?: { readonly bytes: number; readonly hash: string };
  readonly licenses?: readonly Licence[];
  readonly sources?: readonly Source[];
  readonly dialect?: unknown;
  readonly schema?: unknown;
}

/** `data/datapackage.json`. */
export interface DataPackage {
  readonly $schema: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly resources: readonly Resource[];
}

/**
 * Describes everything bundled under `data/` by the Frictionless Data Package standard, version 2:
 * what a person stated ({@link RESOURCES}), sizes and hashes of the files as they are, columns from
 * the zod schemas that the readers use. Throws an InputError for a file that is missing.
 */
export async function buildDataPackage(): Promise<DataPackage> {
  return {
    $schema: "https://datapackage.org/profiles/2.0/datapackage.json",
    name: "driftsched-data",
    title: "Data bundled with the DriftSched workbench",
    description: "Real traces and lengths, each under the licence that it names, and the sample " +
      "answers and counts of this project. Written by `deno task datapackage`.",
    resources: await Promise.all(RESOURCES.map(describeResource)),
  };
}

async function describeResource(facts: ResourceFacts): Promise<Resource> {
  const { name, path, title, description, licence, sources, traceFormat } = facts;
  const packed = path.endsWith(".gz");
  const paths = await filesOf(path);
  const files = await Promise.all(paths.map((file) => readBytes(new URL(file, DATA_FOLDER))));
  const bytes = new Uint8Array(await new Blob(files).arrayBuffer());
  const plain = packed ? await readBundled(path) : bytes;
  return {
    name,
    path: paths.length === 1 ? paths[0] : paths,
    ...typeOf(facts, paths[0]),
    title,
    description,
    format: traceFormat !== undefined && formatNamed(traceFormat).rowsAt
      ? "json"
      : formatOf(paths[0]),
    ...packed && { compression: "gz" as const },
    encoding: "utf-8" as const,
    ...await sizeAndHash(bytes),
    ...packed && { unpacked: await sizeAndHash(plain) },
    ...licence && { licenses: [licence] },
    ...sources && { sources },
    ...traceFormat !== undefined && tableOf(traceFormat, plain),
  };
}

/** The file itself, or the `.md` files in the folders of a folder, in the order of their names. */
async function filesOf(path: string): Promise<string[]> {
  if (path.includes(".")) return [path];
  const files: string[] = [];
  for await (const folder of Deno.readDir(new URL(`${path}/`, DATA_FOLDER))) {
    if (!folder.isDirectory) continue;
    for await (const { name } of Deno.readDir(new URL(`${path}/${folder.name}/`, DATA_FOLDER))) {
      if (name.endsWith(".md")) files.push(`${path}/${folder.name}/${name}`);
    }
  }
  return files.sort();
}

function typeOf({ traceFormat }: ResourceFacts, path: string): Pick<Resource, "type"> {
  if (traceFormat !== undefined) return { type: "table" };
  return formatOf(path) === "json" ? { type: "json" } : {};
}

function formatOf(path: string): string {
  return path.replace(/\.gz$/, "").split(".").at(-1)!;
}

async function sizeAndHash(bytes: Uint8Array<ArrayBuffer>) {
  return { bytes: bytes.length, hash: `sha256:${await sha256(bytes)}` };
}

/** Columns of a file that a reader reads: of a CSV in the order of its header. */
function tableOf(traceFormat: string, bytes: Uint8Array): Pick<Resource, "dialect" | "schema"> {
  const { row, rowsAt } = formatNamed(traceFormat);
  const { header } = headOf(bytes, true);
  return {
    // As the standard's version 2 spells it, and as frictionless-py 5 does.
    ...rowsAt !== undefined && { dialect: { property: rowsAt, json: { property: rowsAt } } },
    // JSON has no header.
    schema: {
      fields: frictionlessFields(row, header.length > 0 ? header : Object.keys(row.shape)),
    },
  };
}
