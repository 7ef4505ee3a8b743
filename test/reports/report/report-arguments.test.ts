import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { parseReportArguments } from "../../../src/reports/report/report-arguments.ts";

test("parseReportArguments() reads notebooks, parameters and flags in any order", () => {
  const args = [
    "a.ipynb",
    "-p",
    "seeds=3",
    "--json",
    "b",
    "--parameter=label=x y",
    "--timeout=2.5",
  ];
  expect(parseReportArguments(args)).toEqual({
    notebooks: ["a.ipynb", "b"],
    parameters: { seeds: 3, label: "x y" },
    timeoutSeconds: 2.5,
    json: true,
    help: false,
  });
});

test("parseReportArguments([]) means all notebooks as they are", () => {
  expect(parseReportArguments([])).toEqual({
    notebooks: [],
    parameters: {},
    timeoutSeconds: undefined,
    json: false,
    help: false,
  });
});

test.each([
  [["--jsn"], "Unknown option '--jsn'"],
  [["-x"], "Unknown option '-x'"],
  [["-p"], "parameter"],
  [["--json=yes"], "json"],
  [["-p", "seeds"], "name=value"],
  [["--timeout", "soon"], 'field --timeout: got "soon", expected a number of seconds > 0'],
  [["--timeout=0"], "a number of seconds > 0"],
])("parseReportArguments(%j) is refused with %j", (args, reason) => {
  expect(() => parseReportArguments(args)).toThrow(InputError);
  expect(() => parseReportArguments(args)).toThrow(reason);
});
