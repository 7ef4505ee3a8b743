import type { ScaleOptions } from "@observablehq/plot";

/** Size of {@link facetLayout}, in pixels. */
export interface FacetLayoutOptions {
  /** Of one facet, along the direction in which they are laid out. */
  readonly size: number;
  /** Between two facets: room for a title, or for an axis. */
  readonly gap: number;
}

/** Facets of one size in a row or a column: the length they take and the scale that puts them there. */
export function facetLayout(
  facets: readonly string[],
  { size, gap }: FacetLayoutOptions,
): { readonly length: number; readonly scale: ScaleOptions } {
  return {
    length: facets.length * (size + gap) - gap,
    scale: { domain: [...facets], paddingInner: gap / (size + gap), paddingOuter: 0, axis: null },
  };
}
