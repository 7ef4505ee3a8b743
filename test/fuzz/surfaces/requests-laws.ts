import { STATUSES } from "../../../src/workload/statuses.ts";
import type { ReadTrace } from "../../../src/workload/readers/trace-format.ts";
import type { Labels, Requests } from "../../../src/workload/workload.ts";

const INT32 = 2 ** 31 - 1;

type Column = ArrayLike<number>;

/** What is wrong with a column of counts: each an integer from `least` that fits into 32 bits. */
function wrongCounts(name: string, column: Column, size: number, least: number): string | null {
  if (column.length !== size) return `${name} has ${column.length} rows, not ${size}`;
  for (let row = 0; row < size; row++) {
    const count = column[row];
    if (!Number.isInteger(count) || count < least || count > INT32) {
      return `${name} of row ${row} is ${count}`;
    }
  }
  return null;
}

function wrongLabels(name: string, { codes, names }: Labels, size: number): string | null {
  if (codes.length !== size) return `${name} has ${codes.length} rows, not ${size}`;
  for (let row = 0; row < size; row++) {
    if (typeof names[codes[row]] !== "string") return `${name} of row ${row} has no name`;
  }
  return null;
}

/** Each a number, or NaN where it is not known. */
function wrongTimes(name: string, column: Column | undefined, size: number): string | null {
  if (column === undefined) return null;
  if (column.length !== size) return `${name} has ${column.length} rows, not ${size}`;
  for (let row = 0; row < size; row++) {
    if (Math.abs(column[row]) === Infinity) return `${name} of row ${row} is ${column[row]}`;
  }
  return null;
}

function firstOf(...found: (string | null)[]): string | null {
  return found.find((each) => each !== null) ?? null;
}

/** What breaks the laws of a workload's requests, in words; null: nothing. */
export function wrongRequests(requests: Requests, leastPrompt: number): string | null {
  const { size, arrival, phases, promptTokens, promptBlocks, extra = {} } = requests;
  const starts = new Set(phases.map(({ first }) => first));
  if (arrival.length !== size) return `arrival has ${arrival.length} rows, not ${size}`;
  for (let row = 0; row < size; row++) {
    const before = starts.has(row) ? 0 : arrival[row - 1];
    if (!(arrival[row] >= before && arrival[row] < Infinity)) {
      return `arrival of row ${row} is ${arrival[row]}, after ${before}`;
    }
  }
  const labels = Object.entries({
    tenant: requests.tenant,
    tier: requests.tier,
    category: requests.category,
    session: requests.session,
    model: requests.model,
  }).map(([name, column]) => column === undefined ? null : wrongLabels(name, column, size));
  const more = Object.entries(extra).map(([name, column]) =>
    "codes" in column
      ? wrongLabels(name, column, size)
      : column.length === size
      ? null
      : `${name} has ${column.length} rows, not ${size}`
  );
  const wrong = firstOf(
    ...labels,
    ...more,
    wrongCounts("promptTokens", promptTokens, size, leastPrompt),
    wrongCounts("maxTokens", requests.maxTokens, size, 1),
    requests.promptWords === undefined
      ? null
      : wrongCounts("promptWords", requests.promptWords, size, 0),
  );
  if (wrong !== null || promptBlocks === undefined) return wrong;
  const { offsets, values } = promptBlocks;
  if (offsets.length !== size + 1 || offsets[0] !== 0 || offsets[size] !== values.length) {
    return "the blocks of the prompts do not lie one after the other";
  }
  for (let row = 0; row < size; row++) {
    if (offsets[row + 1] < offsets[row]) return `the blocks of row ${row} end before they begin`;
  }
  return null;
}

/** What breaks the laws of a trace that was read, in words; null: nothing. */
export function wrongTrace(
  { workload, measured = {}, unserved, report }: ReadTrace,
): string | null {
  const { requests, truth } = workload, { size } = requests;
  const aside = report.setAside.reduce((sum, { rows }) => sum + rows, 0);
  if (report.rowsRead !== report.rowsKept + report.rowsRefused + aside) {
    return `of ${report.rowsRead} rows ${report.rowsKept} are kept, ${report.rowsRefused} ` +
      `refused and ${aside} set aside`;
  }
  if (report.problemCount < report.rowsRefused) return "rows are refused for no reason";
  for (const { file, expected } of report.problems) {
    if (file === "" || expected === "") return "a problem says no file, or not what was expected";
  }
  const wrong = firstOf(
    wrongRequests(requests, 1),
    wrongCounts("outputTokens", truth.outputTokens, size, 1),
    truth.outputWords === undefined ? null : wrongCounts("outputWords", truth.outputWords, size, 0),
    wrongTimes("sent", measured.sent, size),
    wrongTimes("firstToken", measured.firstToken, size),
    wrongTimes("finish", measured.finish, size),
    measured.cachedTokens === undefined
      ? null
      : wrongCounts("cachedTokens", measured.cachedTokens, size, -1),
    ...Object.entries(measured.durations ?? {}).map(([name, column]) =>
      wrongTimes(name, column, size)
    ),
  );
  if (wrong !== null) return wrong;
  for (let row = 0; row < size; row++) {
    if (truth.outputTokens[row] > requests.maxTokens[row]) {
      return `the answer of row ${row} is longer than its cap`;
    }
  }
  if (unserved === undefined) return null;
  const unknown = unserved.status.names.find((name) =>
    !(STATUSES as readonly string[]).includes(name)
  );
  return firstOf(
    wrongRequests(unserved.requests, 0),
    wrongLabels("status", unserved.status, unserved.requests.size),
    unknown === undefined ? null : `there is no status ${unknown}`,
  );
}
