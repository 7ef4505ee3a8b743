import type { ColumnTable } from "arquero";
import { h } from "hastscript";
import { toHtml } from "hast-util-to-html";
import { DISPLAY, type Displayable } from "./display.ts";
import type { Picture } from "./draw/picture.ts";
import { stackPictures, svgDocument } from "./draw/svg.ts";
import { tableToCsv } from "./tables/csv.ts";
import { tableToHtml } from "./tables/html-table.ts";

/** A figure: what was found, the drawing, the numbers drawn. Shows itself in a notebook. */
export interface Figure extends Displayable {
  /** Kebab-case; names the files and prefixes the ids inside the drawing. */
  readonly name: string;
  /** The finding, as a sentence computed from the table. */
  readonly title: string;
  /** Units, n, and what the intervals are. */
  readonly subtitle: string;
  /** The drawing in words, with its key numbers. */
  readonly alt: string;
  /** Exactly what is drawn, one row a mark. */
  readonly table: ColumnTable;
  /** The drawing itself, without title and subtitle. */
  readonly picture: Picture;
  /** The drawing as an SVG document for a page that shows title and subtitle itself. */
  readonly svg: string;
}

/** What a figure is made of. */
export interface FigureParts extends Pick<Figure, "name" | "title" | "subtitle" | "alt" | "table"> {
  /** Drawn below one another. */
  readonly pictures: readonly Picture[];
}

/** Options that every figure takes. */
export interface FigureOptions {
  /** Name of the figure and its files, kebab-case, where the usual one is taken. */
  readonly name?: string;
  /** What was run, in a few words; opens the subtitle: `paper workload, stress phase`. */
  readonly setting?: string;
  /** How many repetitions are behind a mean, where the table does not say it. */
  readonly seeds?: number;
  /** What those repetitions are. @default "paired seeds" */
  readonly repetitions?: string;
}

/** Rows of the table under a figure; the CSV holds all of them. */
const ROWS_SHOWN = 60;
const STYLE = ".ds-title{display:block;font-weight:650;font-size:1.1em;color:var(--ink,inherit)}" +
  ".ds-subtitle{display:block;margin:.15em 0 .6em}";

/** Markup of our own making, which is escaped already. */
function markup(value: string): ReturnType<typeof h> {
  return { type: "raw", value } as never;
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function figureHtml(figure: Omit<FigureParts, "pictures"> & { readonly svg: string }): string {
  const { name, title, subtitle, table, svg } = figure;
  const csv = base64(tableToCsv(table));
  return toHtml(
    h("figure.ds-figure", [
      h("style", STYLE),
      h("figcaption", [h("strong.ds-title", title), h("span.ds-subtitle", subtitle)]),
      markup(svg),
      h("details", [
        h("summary", "The numbers drawn"),
        markup(tableToHtml(table, { caption: title, limit: ROWS_SHOWN })),
      ]),
      h("a", { download: `${name}.csv`, href: `data:text/csv;base64,${csv}` }, "CSV"),
    ]),
    { allowDangerousHtml: true },
  );
}

/** Puts the parts of a figure together. A RangeError refuses a name that is not kebab-case. */
export function makeFigure({ pictures, ...parts }: FigureParts): Figure {
  const { name, title, subtitle, alt } = parts;
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new RangeError(`Figure name ${JSON.stringify(name)}: expected kebab-case`);
  }
  const picture = stackPictures(pictures);
  const svg = svgDocument(picture, { id: `ds-${name}`, title, description: `${subtitle}. ${alt}` });
  return {
    ...parts,
    picture,
    svg,
    [DISPLAY]: () => ({
      "text/html": figureHtml({ ...parts, svg }),
      "text/plain": `${title}\n${subtitle}\n${alt}`,
    }),
  };
}
