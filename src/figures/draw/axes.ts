import * as Plot from "@observablehq/plot";
import { HAIR, QUIET } from "../theme/palette.ts";

/** An axis of a figure. */
export interface AxisOptions {
  /** What is shown and its unit: `end-to-end latency, seconds`. */
  readonly label: string;
  /** Tick values, or about how many. */
  readonly ticks?: number | readonly number[];
  readonly tickFormat?: (value: number) => string;
  /** Lines across the plot. @default true */
  readonly grid?: boolean;
  readonly labelOffset?: number;
}

function shared({ ticks, tickFormat }: Omit<AxisOptions, "label">) {
  return {
    ...(ticks === undefined ? {} : { ticks: typeof ticks === "number" ? ticks : [...ticks] }),
    ...(tickFormat === undefined ? {} : { tickFormat }),
    tickSize: 0,
    fontSize: 11.5,
    fill: QUIET.light,
    labelArrow: "none" as const,
  };
}

function gridOptions({ ticks }: Omit<AxisOptions, "label">) {
  return {
    ...(ticks === undefined ? {} : { ticks: typeof ticks === "number" ? ticks : [...ticks] }),
    stroke: HAIR.light,
    strokeOpacity: 1,
  };
}

/** Horizontal axis below: grid lines first, so that marks lie on them. */
export function xAxis(options: AxisOptions): Plot.Markish[] {
  const { label, grid = true, labelOffset = 36 } = options;
  return [
    grid ? Plot.gridX(gridOptions(options)) : null,
    Plot.axisX({ ...shared(options), label, labelAnchor: "center", labelOffset }),
  ];
}

/** Vertical axis at the left. Its label stands in the facet's title, where it reads level. */
export function yAxis(options: Omit<AxisOptions, "label">): Plot.Markish[] {
  const { grid = true } = options;
  return [
    grid ? Plot.gridY(gridOptions(options)) : null,
    Plot.axisY({ ...shared(options), label: null }),
  ];
}
