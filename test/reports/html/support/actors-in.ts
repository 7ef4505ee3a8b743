import { fromHtml } from "hast-util-from-html";
import { visit } from "unist-util-visit";

/** Elements and attributes of a page that could act, as a conforming parser sees them. */
export function actorsIn(html: string): string[] {
  const actors: string[] = [];
  const forbidden = new Set([
    ..."script iframe frame object embed base form input button foreignObject animate set".split(
      " ",
    ),
    ..."template video audio textarea select marquee".split(" "),
  ]);
  visit(fromHtml(html), "element", ({ tagName, properties }, _index, parent) => {
    if (forbidden.has(tagName)) actors.push(tagName);
    if (tagName === "style" && parent?.type === "element" && parent.tagName !== "head") {
      actors.push("style in the body");
    }
    for (const [name, value] of Object.entries(properties)) {
      const text = String(value);
      if (/^on/i.test(name) && name !== "on") actors.push(`${tagName} ${name}`);
      if (/^(?:href|src|xLinkHref|action|formAction|srcSet|poster|ping|background)$/.test(name)) {
        const allowed = tagName === "a"
          ? /^(?:#|https:\/\/|data:text\/csv|[\w.-]+(?:\/|$))/
          : /^(?:data:,$|data:image\/png;base64,)/;
        if (!allowed.test(text)) actors.push(`${tagName} ${name}=${text}`);
      }
      if (name === "style" && /url\((?!#)|\\|image-set|position/i.test(text)) {
        actors.push(`${tagName} ${name}=${text}`);
      }
    }
  });
  return actors;
}
