type Row = Record<string, string | number | null>;

const NOT_A_KEY = ["low", "high", "baseline", "difference", "differenceLow", "differenceHigh"];

/** Options of {@link pairedWith}. */
export interface PairedOptions {
  /** Column that tells what is compared. */
  readonly column: string;
  /** Its value that the others are compared with; of each group the lowest where it is absent. */
  readonly baseline?: string;
  /** Column of the numbers. */
  readonly value: string;
  /** Half of the interval of a difference. */
  readonly margin: number;
}

/** The rows with the columns of a difference that was taken seed by seed, as the analysis has them. */
export function pairedWith(
  rows: readonly Row[],
  { column, baseline, value, margin }: PairedOptions,
): Row[] {
  const group = (row: Row) =>
    JSON.stringify(
      Object.entries(row).filter(([key]) => ![column, value, ...NOT_A_KEY].includes(key)),
    );
  const groups = Map.groupBy(rows, group);
  return rows.map((row) => {
    const alike = groups.get(group(row))!;
    const base = baseline === undefined
      ? alike.reduce((least, each) => Number(each[value]) < Number(least[value]) ? each : least)
      : alike.find((each) => each[column] === baseline);
    if (base === undefined || (baseline !== undefined && base === row)) {
      return {
        ...row,
        baseline: baseline ?? null,
        difference: null,
        differenceLow: null,
        differenceHigh: null,
      };
    }
    const difference = Number(row[value]) - Number(base[value]);
    const half = base === row ? 0 : margin;
    return {
      ...row,
      ...(baseline === undefined ? {} : { baseline }),
      difference,
      differenceLow: difference - half,
      differenceHigh: difference + half,
    };
  });
}
