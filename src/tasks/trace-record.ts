import { concatenated } from "../collections/concatenated.ts";
import { escapeControls } from "../errors/escape-controls.ts";
import { InputError } from "../errors/input-error.ts";
import { fileChunks } from "../files/file-chunks.ts";
import { readUnpacked } from "../files/read-unpacked.ts";
import type { Fact } from "../runs/records/record.ts";
import { EVERY_RECORD } from "../traces/records.ts";
import { decodeText } from "../workload/readers/parsing/decode-text.ts";
import { HEAD_BYTES, headOf } from "../workload/readers/parsing/head.ts";
import { unpacked } from "../workload/readers/parsing/unpack.ts";

/** What a file that holds no requests is and holds. */
export interface DescribedRecord {
  readonly record: string;
  readonly recognised: string;
  readonly facts: Readonly<Record<string, Fact>>;
}

/**
 * Describes a file that is a record of a run and no trace; undefined where it is none. Throws an InputError
 * for an option that the record does not have.
 */
export async function describeRecord(
  path: string,
  source: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<DescribedRecord | undefined> {
  const first = await headBytes(path, source);
  if (first === undefined) return undefined;
  const head = headOf(first, first.length <= HEAD_BYTES);
  for (const record of EVERY_RECORD) {
    const recognised = record.recognise(head) ?? record.recogniseWithRequests?.(head);
    if (recognised === undefined) continue;
    const text = decodeText(await readUnpacked(path, source), source);
    const facts = record.describe(text, source, options);
    if (facts === undefined) continue;
    const unknown = Object.keys(options).find((name) => !record.options?.includes(name));
    if (unknown !== undefined) {
      throw new InputError({
        file: "command line",
        field: "option",
        value: unknown,
        expected: `${record.options?.join(" or ") ?? "none"}: ${source} is ${record.title}`,
      });
    }
    return { record: record.name, recognised, facts };
  }
  return undefined;
}

/** A description in lines of plain text, for a person. */
export function recordText({ record, recognised, facts }: DescribedRecord): string {
  const lines = (values: Readonly<Record<string, Fact>>, indent: string): string[] =>
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? [`${indent}${name}`, ...lines(value as Readonly<Record<string, Fact>>, `${indent}  `)]
        : [`${indent}${name.padEnd(24 - indent.length)} ${factText(value)}`]
    );
  return [
    `${record}: described, not read as requests`,
    `recognised by: ${recognised}`,
    ...lines(facts, ""),
  ]
    .map(escapeControls).join("\n");
}

function factText(value: Fact): string {
  return Array.isArray(value) ? value.join(", ") : String(value ?? "not known");
}

/** The first bytes of a file, unpacked, more than a head; undefined for what is no file. */
async function headBytes(path: string, source: string): Promise<Uint8Array | undefined> {
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info?.isFile) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of unpacked(await fileChunks(path, source), source)) {
    chunks.push(chunk);
    if ((size += chunk.length) > HEAD_BYTES) break;
  }
  return concatenated(chunks);
}
