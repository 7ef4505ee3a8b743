import { expect, test } from "vitest";
import { settleTerminalText } from "../../../src/reports/html/terminal-text.ts";

test("settleTerminalText() leaves of an overwritten line what was written last", () => {
  expect(settleTerminalText("10 %\r50 %\r100 %\ndone\r\n")).toBe("100 %\ndone\n");
  expect(settleTerminalText("100 %\r")).toBe("100 %");
});

test("settleTerminalText() keeps colours and drops every other escape and control character", () => {
  expect(settleTerminalText("\u001b[31mred\u001b[0m\u001b[2K\u001b[1A.")).toBe(
    "\u001b[31mred\u001b[0m.",
  );
  expect(settleTerminalText("\u001b]8;;javascript:x\u0007link\u001b]8;;\u0007")).toBe("link");
  expect(settleTerminalText("\u001b]0;title\u001b\\a\u0000b\u0007c\u009bd\te")).not.toMatch(
    /[^\P{Cc}\t]/u,
  );
});

test("settleTerminalText() does not touch plain text", () => {
  const text = "a\tb\n  <b> & ✓ −1\n";
  expect(settleTerminalText(text)).toBe(text);
});
