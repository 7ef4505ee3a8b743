import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import * as z from "zod";
import { parseWith } from "../src/errors/parse-with.ts";

const read = (path: string) => Deno.readTextFile(new URL(`../${path}`, import.meta.url));

const Text = z.string().min(1);
const Person = z.strictObject({ "family-names": Text, "given-names": Text, orcid: z.url() })
  .partial({ orcid: true });
const Author = z.union([Person, z.strictObject({ name: Text, website: z.url().optional() })]);
const Doi = z.string().regex(/^10\.\d{4,9}\/\S+$/, "a DOI without its resolver's address");
const Identifier = z.strictObject({
  type: z.enum(["doi", "url", "swh", "other"]),
  value: Text,
  description: Text.optional(),
});
const Reference = z.strictObject({
  type: z.enum(["article", "software", "report", "unpublished"]),
  title: Text,
  authors: z.array(Author).min(1),
  year: z.int().min(1900).max(2100),
  month: z.int().min(1).max(12).optional(),
  doi: Doi.optional(),
  url: z.url().optional(),
  identifiers: z.array(Identifier).min(1).optional(),
  notes: Text.optional(),
});

/**
 * The keys of the Citation File Format 1.2.0 that we use: those it requires, and no key it does not
 * know (`creator` for `authors` is a mistake seen in the wild). Source: its schema guide.
 */
const Citation = z.strictObject({
  "cff-version": z.literal("1.2.0"),
  message: Text,
  title: Text,
  authors: z.array(Author).min(1),
  type: z.enum(["software", "dataset"]).optional(),
  abstract: Text.optional(),
  license: z.literal("MIT").optional(),
  keywords: z.array(Text).min(1).optional(),
  references: z.array(Reference).min(1).optional(),
});

async function citation(change: (value: Record<string, unknown>) => void = () => {}) {
  const document = parseDocument(await read("CITATION.cff"), { strict: true });
  expect(document.errors).toEqual([]);
  expect(document.warnings).toEqual([]);
  const value = document.toJS();
  change(value);
  return parseWith(Citation, value, "CITATION.cff");
}

test("CITATION.cff is a citation file 1.2.0 that names us, the licence and the paper", async () => {
  const { title, authors, license, references } = await citation();
  expect(title).toBe("DriftSched workbench");
  expect(authors).toEqual([{ name: "The DriftSched workbench authors" }]);
  expect(license).toBe("MIT");
  expect(references).toMatchObject([{
    doi: "10.48550/arXiv.2606.02982",
    identifiers: [{ value: "arXiv:2606.02982" }],
  }]);
});

test.each<[string, (value: Record<string, unknown>) => void, string]>([
  ["without authors", (value) => delete value.authors, "field authors: got undefined"],
  ["with a creator", (value) => value.creator = value.authors, "field creator"],
  ["without a message", (value) => delete value.message, "field message"],
  ["of another version", (value) => value["cff-version"] = "1.1.0", "field cff-version"],
  [
    "with a reference of no type",
    (value) => delete (value.references as Record<string, unknown>[])[0].type,
    "field references.0.type",
  ],
])("a citation file %s would be refused", async (_case, change, message) => {
  await expect(citation(change)).rejects.toThrow(message);
});

test("LICENSE is the MIT licence of the same authors", async () => {
  const { authors: [author] } = await citation();
  const license = await read("LICENSE");
  expect(license).toMatch(/^MIT License\n\nCopyright \(c\) 2026 /);
  expect(license).toContain((author as { name: string }).name);
});
