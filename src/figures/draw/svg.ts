import { plotDocument } from "../host.ts";
import { INK } from "../theme/palette.ts";
import { stylesheet } from "../theme/stylesheet.ts";
import type { Picture } from "./picture.ts";

/** What an SVG document says about itself. */
export interface SvgOptions {
  /** Prefix of every id inside: unique on a page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

const FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Puts pictures below one another. */
export function stackPictures(pictures: readonly Picture[]): Picture {
  let height = 0;
  const bodies = pictures.map((picture) => {
    const body = height === 0
      ? picture.body
      : `<g transform="translate(0,${height})">${picture.body}</g>`;
    height += picture.height;
    return body;
  });
  return { width: Math.max(...pictures.map(({ width }) => width)), height, body: bodies.join("") };
}

/** Plot numbers its ids over the life of the process; here they count from 1 in each document. */
function ownIds(body: string, id: string): string {
  const numbers = new Map<string, number>();
  return body.replace(
    /( id="|"url\(#)plot-([a-z]+-\d+)/g,
    (_, before: string, plotId: string) => {
      if (!numbers.has(plotId)) numbers.set(plotId, numbers.size + 1);
      return `${before}${id}-${numbers.get(plotId)}`;
    },
  );
}

/** What XML cannot hold, wherever data brought it in, and the one entity of HTML that XML lacks. */
function toXml(markup: string): string {
  return markup
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&nbsp;", "\u00a0");
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): Element {
  const node = plotDocument().createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

function textElement(name: string, id: string, text: string): string {
  const node = element(name, { id });
  node.textContent = text;
  return node.outerHTML;
}

/**
 * An SVG document of a picture: one image with a name and a description, in light and dark, complete
 * in itself, with ids that start with `options.id`.
 */
export function svgDocument(picture: Picture, { id, title, description }: SvgOptions): string {
  const { width, height } = picture;
  const [titleId, descriptionId] = [`${id}-title`, `${id}-desc`];
  const root = element("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    class: "ds-plot",
    role: "img",
    "aria-labelledby": `${titleId} ${descriptionId}`,
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    color: INK.light,
    fill: "currentColor",
    "font-family": FONTS,
    "font-size": 12,
    "text-anchor": "middle",
  });
  const opening = root.outerHTML.replace(/\s*(?:\/>|><\/svg>)$/, ">");
  const body = ownIds(picture.body, id);
  return toXml(
    opening + textElement("title", titleId, title) +
      textElement("desc", descriptionId, description) +
      `<style>${stylesheet(opening + body)}</style>${body}</svg>`,
  );
}
