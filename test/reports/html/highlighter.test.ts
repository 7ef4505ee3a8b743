import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import { loadHighlighter } from "../../../src/reports/html/highlighter.ts";
import { textContent } from "../../../src/reports/html/text-content.ts";

test("code() marks keywords, strings and comments and keeps every character", async () => {
  const { code } = await loadHighlighter();
  const source = 'const a: Run = f("<b>"); // why\n\nfor (;;) {}';
  const markup = toHtml(code(source));
  expect(markup).toContain('<span class="t-keyword">const</span>');
  expect(markup).toContain('<span class="t-comment">// why');
  expect(markup).toContain("&#x3C;b>");
  expect(textContent(code(source))).toBe(source);
});

test("code() gives the same however long a line takes", async () => {
  const { code } = await loadHighlighter();
  const line = `const a = [${"f(1, 'x'), ".repeat(3000)}];`;
  expect(toHtml(code(line))).toBe(toHtml(code(line)));
  expect(toHtml(code(line)).match(/t-string/g)?.length).toBe(3000);
});

test("terminal() turns the sixteen colours and bold into classes and drops others", async () => {
  const { terminal } = await loadHighlighter();
  expect(toHtml(terminal("a \u001b[31mb\u001b[0m \u001b[1;32mc\u001b[0m \u001b[38;2;1;2;3md")))
    .toBe(
      'a <span class="ansi-red">b</span> <span class="ansi-green ansi-bold">c</span> d',
    );
  expect(toHtml(terminal("plain <b>\n"))).toBe("plain &#x3C;b>\n");
});
