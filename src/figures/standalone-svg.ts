import { drawHeader } from "./draw/header.ts";
import { type Picture } from "./draw/picture.ts";
import { stackPictures, svgDocument } from "./draw/svg.ts";
import type { Figure } from "./figure.ts";
import { PAPER } from "./theme/palette.ts";

const MARGIN = 16;

function onPaper({ width, height, body }: Picture): Picture {
  const [outerWidth, outerHeight] = [width + 2 * MARGIN, height + 2 * MARGIN];
  return {
    width: outerWidth,
    height: outerHeight,
    body: `<rect width="${outerWidth}" height="${outerHeight}" fill="${PAPER.light}"/>` +
      `<g transform="translate(${MARGIN},${MARGIN})">${body}</g>`,
  };
}

/**
 * A figure as an SVG file: with its title and subtitle inside the picture, on its own paper, light or
 * dark as the viewer's system is.
 */
export function standaloneSvg(figure: Figure): string {
  const { name, title, subtitle, alt, picture } = figure;
  const header = drawHeader(title, subtitle, { width: picture.width });
  const space: Picture = { width: 0, height: 8, body: "" };
  return svgDocument(onPaper(stackPictures([...header, space, picture])), {
    id: `ds-${name}`,
    title,
    description: `${subtitle}. ${alt}`,
  });
}
