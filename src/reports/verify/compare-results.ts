import { ManifestClaim } from "../../notebook/figure-manifest.ts";
import { compareFigure } from "./compare-figure.ts";
import {
  type Comparison,
  type Difference,
  type ItemKind,
  mergeComparisons,
  valueDetail,
} from "./difference.ts";
import type { ResultFolder } from "./result-folder.ts";

type Details = readonly (string | null)[];

/** Compares two lists by name; what is in one of them alone is a difference too. */
function compareNamed<T>(
  [committed, now]: readonly [ReadonlyMap<string, T>, ReadonlyMap<string, T>],
  { notebook, kind, compare }: {
    readonly notebook: string;
    readonly kind: ItemKind;
    readonly compare: (committed: T, now: T) => Details;
  },
): Comparison {
  const names = [...new Set([...committed.keys(), ...now.keys()])];
  const differences = names.flatMap((name): Difference[] => {
    const [before, after] = [committed.get(name), now.get(name)];
    const details = after === undefined
      ? ["committed, but the new run has none"]
      : before === undefined
      ? ["of the new run, but not committed"]
      : compare(before, after).filter((detail) => detail !== null);
    return details.length > 0 ? [{ notebook, kind, name, details }] : [];
  });
  return { total: names.length, differences };
}

function byName<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T> {
  return new Map(items.map((item) => [nameOf(item), item]));
}

/** Files beside the manifest that it does not name: left over, or put there by hand. */
function unnamedFiles({ manifest, files }: ResultFolder): Map<string, string> {
  const named = manifest.figures.flatMap(({ files }) =>
    Object.values(files).map(({ path }) => path)
  );
  return byName([...files.keys()].filter((name) => !named.includes(name)), (name) => name);
}

/** Versions of everything that has a hand in the bytes, Deno's among them. */
function versionsOf({ manifest: { versions } }: ResultFolder): Map<string, string> {
  return new Map(Object.entries({ deno: versions.deno, ...versions.packages }));
}

/** The verdict first: it is what a reader looks for. */
const CLAIM_FIELDS = (Object.keys(ManifestClaim.shape) as (keyof ManifestClaim)[])
  .toSorted((a, b) => Number(b === "verdict") - Number(a === "verdict"));

/**
 * Compares what a new run of a notebook left with what is committed: parameters, seeds, versions,
 * data, figures with their files, claims, and files that no manifest names.
 */
export function compareResults(
  notebook: string,
  committed: ResultFolder,
  now: ResultFolder,
): Comparison {
  const both = <T>(of: (folder: ResultFolder) => ReadonlyMap<string, T>) =>
    [of(committed), of(now)] as const;
  const value = (a: unknown, b: unknown) => [valueDetail("value", a, b)];
  return mergeComparisons([
    compareNamed(both(({ manifest }) => new Map(Object.entries(manifest.parameters))), {
      notebook,
      kind: "parameter",
      compare: value,
    }),
    compareNamed(both(({ manifest }) => new Map([["seeds", manifest.seeds]])), {
      notebook,
      kind: "seeds",
      compare: value,
    }),
    compareNamed(both(versionsOf), { notebook, kind: "version", compare: value }),
    compareNamed(both(({ manifest }) => byName(manifest.data, ({ path }) => path)), {
      notebook,
      kind: "data",
      compare: (a, b) => [valueDetail("sha256", a.sha256, b.sha256)],
    }),
    compareNamed(
      both(({ manifest, files }) =>
        byName(manifest.figures.map((figure) => ({ figure, files })), ({ figure }) => figure.name)
      ),
      { notebook, kind: "figure", compare: compareFigure },
    ),
    compareNamed(both(({ manifest }) => byName(manifest.claims, ({ id }) => id)), {
      notebook,
      kind: "claim",
      compare: (a, b) => CLAIM_FIELDS.map((field) => valueDetail(field, a[field], b[field])),
    }),
    compareNamed(both(unnamedFiles), {
      notebook,
      kind: "file",
      compare: () => ["not named in the manifest"],
    }),
  ]);
}
