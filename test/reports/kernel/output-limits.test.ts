import { expect, test } from "vitest";
import {
  CellOutputs,
  MOST_CELL,
  MOST_OUTPUT,
  MOST_OUTPUTS,
} from "../../../src/reports/kernel/cell-outputs.ts";
import type { Output } from "../../../src/reports/notebook-format.ts";

function cell() {
  const outputs: Output[] = [];
  const collector = new CellOutputs();
  collector.begin(outputs, "cell 3");
  const print = (text: string) => collector.take("stream", { name: "stdout", text });
  const show = (html: string) =>
    collector.take("display_data", { data: { "text/html": html }, metadata: {} });
  return { outputs, collector, print, show };
}

const sizeOf = (outputs: readonly Output[]) => JSON.stringify(outputs).length;
const noticeOf = (outputs: readonly Output[]) => (outputs.at(-1) as { text: string }).text;

test("an endless print keeps its beginning and a line that says how much is left out", () => {
  const { outputs, collector, print } = cell();
  for (let i = 0; i < 500; i++) print("x".repeat(200_000));
  expect(outputs).toHaveLength(2);
  expect((outputs[0] as { text: string }).text).toHaveLength(MOST_OUTPUT);
  const left = (500 * 200_000 - MOST_OUTPUT) / 2 ** 20;
  expect(noticeOf(outputs)).toContain(`${left.toFixed(1)} MiB in `);
  expect(noticeOf(outputs)).toContain("are left out");
  expect(collector.warnings).toEqual([expect.stringContaining("cell 3 shows more than")]);
});

test("no character is cut in two", () => {
  const { outputs, print } = cell();
  print("x".repeat(MOST_OUTPUT - 1));
  print("😀😀");
  expect((outputs[0] as { text: string }).text).toHaveLength(MOST_OUTPUT - 1);
});

test("a display that is too large is left out whole, smaller ones after it are kept", () => {
  const { outputs, show } = cell();
  show("a".repeat(MOST_OUTPUT + 1));
  show("small");
  expect(outputs.map(({ output_type }) => output_type)).toEqual(["display_data", "stream"]);
  expect(JSON.stringify(outputs[0])).toContain("small");
  expect(noticeOf(outputs)).toContain("1 further outputs");
});

test("many outputs are bounded in number and in all", () => {
  const { outputs, show } = cell();
  for (let i = 0; i < MOST_OUTPUTS + 100; i++) show("a");
  expect(outputs).toHaveLength(MOST_OUTPUTS + 1);
  const large = cell();
  for (let i = 0; i < 100; i++) large.show("b".repeat(2 ** 20));
  expect(sizeOf(large.outputs)).toBeLessThan(MOST_CELL + 10_000);
});

test("an update that is too large leaves the display as it was", () => {
  const { outputs, collector } = cell();
  const bundle = (html: string) => ({
    data: { "text/html": html },
    metadata: {},
    transient: { display_id: "d" },
  });
  collector.take("display_data", bundle("before"));
  collector.take("update_display_data", bundle("c".repeat(MOST_OUTPUT)));
  expect(JSON.stringify(outputs[0])).toContain("before");
  expect(noticeOf(outputs)).toContain("are left out");
});

test("a cleared cell begins anew", () => {
  const { outputs, collector, print } = cell();
  print("x".repeat(2 * MOST_OUTPUT));
  collector.take("clear_output", { wait: false });
  print("again");
  expect(outputs).toEqual([{ output_type: "stream", name: "stdout", text: "again" }]);
});
