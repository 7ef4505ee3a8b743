import * as Plot from "@observablehq/plot";
import { INK } from "../theme/palette.ts";

/** A facet and what to call it. */
export interface FacetTitle {
  readonly name: string;
  readonly label: string;
}

/** Names of facets at their upper left corner, in place of Plot's axis at the far side. */
export function facetTitles(
  facets: readonly FacetTitle[],
  channel: "fx" | "fy",
  { dy = -9, dx = 0 }: { readonly dy?: number; readonly dx?: number } = {},
): Plot.Markish {
  return Plot.text([...facets], {
    [channel]: "name",
    text: "label",
    frameAnchor: "top-left",
    textAnchor: "start",
    lineAnchor: "bottom",
    fontWeight: 600,
    fontSize: 13,
    fill: INK.light,
    dx,
    dy,
  });
}
