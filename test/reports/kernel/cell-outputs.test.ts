import { expect, test } from "vitest";
import { CellOutputs } from "../../../src/reports/kernel/cell-outputs.ts";
import type { Output } from "../../../src/reports/notebook-format.ts";

function collect(...messages: [type: string, content: Record<string, unknown>][]) {
  const outputs: Output[] = [];
  const collector = new CellOutputs();
  collector.begin(outputs);
  for (const [type, content] of messages) collector.take(type, content);
  return { outputs, collector };
}

const log = (text: string, name = "stdout"): [string, Record<string, unknown>] => [
  "stream",
  { name, text },
];
const display = (
  text: string,
  id?: string,
  type = "display_data",
): [string, Record<string, unknown>] => [
  type,
  { data: { "text/plain": text }, metadata: {}, transient: id ? { display_id: id } : {} },
];
const shown = (text: string): Output => ({
  output_type: "display_data",
  data: { "text/plain": text },
  metadata: {},
});

test("pieces of one stream are joined, and a change of stream begins a new output", () => {
  const { outputs } = collect(log("a\n"), log("b\n"), log("c\n", "stderr"), log("d\n"));
  expect(outputs).toEqual([
    { output_type: "stream", name: "stdout", text: "a\nb\n" },
    { output_type: "stream", name: "stderr", text: "c\n" },
    { output_type: "stream", name: "stdout", text: "d\n" },
  ]);
});

test("update_display_data replaces every display of its id and adds none", () => {
  const { outputs, collector } = collect(
    display("0 %", "bar"),
    display("other"),
    display("copy", "bar"),
    display("50 %", "bar", "update_display_data"),
    display("100 %", "bar", "update_display_data"),
  );
  expect(outputs).toEqual([shown("100 %"), shown("other"), shown("100 %")]);
  expect(collector.warnings).toEqual([]);
});

test("update_display_data reaches a display of an earlier cell", () => {
  const { outputs, collector } = collect(display("waiting", "state"));
  const later: Output[] = [];
  collector.begin(later);
  collector.take(...display("done", "state", "update_display_data"));
  expect(outputs).toEqual([shown("done")]);
  expect(later).toEqual([]);
});

test("an update of an unknown display is told, unless it carries nothing (a marker)", () => {
  const { collector } = collect(display("lost", "nobody", "update_display_data"));
  expect(collector.warnings).toEqual([expect.stringContaining('"nobody"')]);
  const marker = { data: {}, metadata: {}, transient: { display_id: "marker" } };
  expect(collect(["update_display_data", marker]).collector.warnings).toEqual([]);
});

test("clear_output empties the cell at once, or with `wait` when the next output comes", () => {
  const now = collect(log("a\n"), ["clear_output", { wait: false }], log("b\n"));
  expect(now.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "b\n" }]);
  const waiting = collect(log("a\n"), ["clear_output", { wait: true }]);
  expect(waiting.outputs).toHaveLength(1);
  waiting.collector.take(...log("b\n"));
  expect(waiting.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "b\n" }]);
});

test("status messages and unknown types are no outputs", () => {
  expect(collect(["status", { execution_state: "busy" }], ["comm_open", {}]).outputs).toEqual([]);
});
