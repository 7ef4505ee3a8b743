import { join } from "node:path";
import { z } from "zod";

/** What the report shows of a claim; whatever else the ledger holds passes through. */
const ShownClaim = z.looseObject({
  id: z.string(),
  title: z.string().optional(),
  effect: z.unknown(),
  low: z.unknown(),
  high: z.unknown(),
  paper: z.unknown(),
  verdict: z.string(),
});
export type ShownClaim = z.output<typeof ShownClaim>;

export interface NotebookResults {
  readonly claims: readonly ShownClaim[];
  /** Paths of the files in the notebook's figure folder, the manifest left out, sorted. */
  readonly figures: readonly string[];
  /** Why the claims cannot be shown, where they cannot. */
  readonly problem?: string;
}

const MANIFEST = "manifest.json";

function figuresIn(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)]
      .filter(({ name, isFile }) => isFile && name !== MANIFEST && !name.endsWith(".partial"))
      .map(({ name }) => join(directory, name)).sort();
  } catch {
    return [];
  }
}

/** What a notebook's run left in its folder of figures: the claims of its manifest, its files. */
export async function readResults(directory: string): Promise<NotebookResults> {
  const figures = figuresIn(directory);
  const path = join(directory, MANIFEST);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch {
    return { claims: [], figures };
  }
  try {
    const { claims = [] } = JSON.parse(text) ?? {};
    return { claims: z.array(ShownClaim).parse(claims), figures };
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    return { claims: [], figures, problem: `${path}: ${reason}` };
  }
}

const SIGNIFICANT = 3;

function shown(value: unknown): string {
  if (typeof value === "number") {
    return Number.isInteger(value) ? String(value) : value.toPrecision(SIGNIFICANT);
  }
  if (value === null || value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The claims as a table of plain text, columns aligned, one line a claim. */
export function claimsTable(claims: readonly ShownClaim[]): string {
  const rows = claims.map(({ id, title = "", effect, low, high, paper, verdict }) => [
    id,
    title,
    shown(effect),
    `[${shown(low)}, ${shown(high)}]`,
    shown(paper),
    verdict,
  ]);
  const table = [["claim", "", "effect", "95 % interval", "paper", "verdict"], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const numeric = new Set([2, 3, 4]);
  const line = (row: readonly string[]) =>
    row.map((text, i) => numeric.has(i) ? text.padStart(widths[i]) : text.padEnd(widths[i]))
      .join("  ").trimEnd();
  return table.map(line).join("\n");
}
