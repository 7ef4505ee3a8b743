import { type Colour, COLOURS, PAPER } from "./palette.ts";

const PAINTS = ["fill", "stroke", "color"] as const;
const FRONT_END_IS_LIGHT = ':is([data-jp-theme-light="true"],.vscode-light)';
const FRONT_END_IS_DARK = ':is([data-jp-theme-light="false"],.vscode-dark)';

function darkRules(figure: string, colours: readonly Colour[], svg: string): string {
  const rules = [`${figure}{background:${PAPER.dark}}`];
  for (const { light, dark } of colours) {
    for (const paint of PAINTS) {
      if (!svg.includes(`${paint}="${light}"`)) continue;
      const selectors = [`${figure} [${paint}="${light}"]`];
      if (paint === "color") selectors.unshift(`${figure}[${paint}="${light}"]`);
      rules.push(`${selectors.join(",")}{${paint}:${dark}}`);
    }
  }
  return rules.join("");
}

/**
 * CSS of one figure. The drawing carries the light colours as plain attributes, which every viewer
 * and rasteriser knows; this turns them dark where the reader's system is dark, except inside a
 * notebook front end that says it is light, and wherever such a front end says it is dark.
 *
 * @param svg the drawing; only colours that stand in it get a rule
 */
export function stylesheet(svg: string): string {
  const following = `.ds-plot:not(${FRONT_END_IS_LIGHT} *)`;
  return `.ds-plot{background:${PAPER.light};max-width:100%;height:auto}` +
    `.ds-plot text{white-space:pre}` +
    `@media screen and (prefers-color-scheme:dark){${darkRules(following, COLOURS, svg)}}` +
    darkRules(`${FRONT_END_IS_DARK} .ds-plot`, COLOURS, svg);
}
