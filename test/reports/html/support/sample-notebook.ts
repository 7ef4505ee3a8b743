import * as Plot from "@observablehq/plot";
import * as aq from "arquero";
import { parseHTML } from "linkedom";
import type { Cell, Notebook, Output } from "../../../../src/reports/notebook-format.ts";

/** One pixel, so that a picture's path through the export can be followed. */
export const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

const { document } = parseHTML("<html><body></body></html>");

const POLICIES = ["FIFO", "Priority", "Weighted", "SJF", "Aging"];
const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00"];

/** Cell number `number` with the given outputs. */
export function codeCell(
  number: number,
  source: string,
  options: { outputs?: Output[]; metadata?: Record<string, unknown> } = {},
): Cell {
  const { outputs = [], metadata = {} } = options;
  return {
    cell_type: "code",
    id: `c${number}`,
    metadata,
    execution_count: number,
    source,
    outputs,
  };
}

export function markdownCell(number: number, source: string): Cell {
  return { cell_type: "markdown", id: `m${number}`, metadata: {}, source };
}

export function display(data: Record<string, unknown>): Output {
  return { output_type: "display_data", data, metadata: {} };
}

export function stream(name: "stdout" | "stderr", text: string): Output {
  return { output_type: "stream", name, text };
}

/** A line figure with legend, clipping and markers: everything in Plot that names an id. */
export function latencyFigure(): string {
  const rows = POLICIES.flatMap((policy, index) =>
    Array.from({ length: 12 }, (_, step) => ({
      policy,
      load: 0.4 + step * 0.05,
      latency: (1 + index * 0.18) / (1.02 - (0.4 + step * 0.05)),
    }))
  );
  return Plot.plot({
    document,
    title: "Tail latency doubles past 85\u00a0% load under every policy",
    subtitle: "99th percentile of end-to-end latency, 30 paired seeds",
    caption: "Bars are 95 % bootstrap intervals; n = 3,000 requests a cell.",
    width: 800,
    height: 360,
    marginBottom: 44,
    grid: true,
    clip: true,
    style: { fontSize: "12px" },
    x: { label: "Offered load (share of capacity)" },
    y: { label: "p99 latency (s)", type: "log" },
    color: { legend: true, domain: POLICIES, range: COLORS },
    symbol: { domain: POLICIES },
    marks: [
      Plot.lineY(rows, { x: "load", y: "latency", stroke: "policy", marker: "circle" }),
      Plot.dot(rows, {
        x: "load",
        y: "latency",
        stroke: "policy",
        symbol: "policy",
        title: (row) => `${row.policy}: ${row.latency.toFixed(2)} s`,
      }),
      Plot.ruleX([0.85], { strokeDasharray: "2,4" }),
    ],
  } as Plot.PlotOptions).outerHTML;
}

/** A figure in the shape that the figure library hands over. */
export function libraryFigure(): string {
  const rows = POLICIES.map((policy, index) => ({
    policy,
    effect: -2 + index * 0.9,
    low: -2.6 + index * 0.9,
    high: -1.4 + index * 0.9,
  }));
  const svg = Plot.plot({
    document,
    width: 720,
    height: 260,
    marginBottom: 44,
    marginLeft: 80,
    style: { fontSize: "12px" },
    ariaLabel: "Effect against FIFO by policy",
    x: { label: "Change of mean wait (s)", grid: true },
    y: { label: null, domain: POLICIES },
    marks: [
      Plot.ruleX([0]),
      Plot.link(rows, { x1: "low", x2: "high", y1: "policy", y2: "policy", strokeWidth: 2 }),
      Plot.dot(rows, { x: "effect", y: "policy", r: 5, fill: "#0072b2" }),
      Plot.arrow([{ a: 1, b: 2, p: "SJF", q: "SJF" }], {
        x1: "a",
        x2: "b",
        y1: "p",
        y2: "q",
        stroke: "#d55e00",
      }),
    ],
  } as Plot.PlotOptions);
  svg.setAttribute("role", "img");
  const csv = btoa(
    "policy,effect,low,high\n" + rows.map((row) => Object.values(row).join(",")).join("\n"),
  );
  const table = rows.map((row) =>
    `<tr><td>${row.policy}</td><td style="text-align:right">${row.effect.toFixed(2)}</td>` +
    `<td style="text-align:right">${row.low.toFixed(2)}</td>` +
    `<td style="text-align:right">${row.high.toFixed(2)}</td></tr>`
  ).join("");
  return `<figure class="ds-figure">${svg.outerHTML}` +
    "<figcaption><strong>SJF shortens the mean wait most.</strong> Paired by seed, 95 % intervals, " +
    "n = 30.</figcaption><details><summary>Table of the data</summary><table><thead><tr>" +
    "<th>Policy</th><th>Effect (s)</th><th>Low</th><th>High</th></tr></thead><tbody>" +
    `${table}</tbody></table></details>` +
    `<a download="effect.csv" href="data:text/csv;base64,${csv}">CSV</a></figure>`;
}

/** What Arquero makes of a table. */
export function arqueroTable(): string {
  return aq.table({
    policy: POLICIES,
    requests: [3000, 3000, 3000, 3000, 3000],
    mean_wait_s: [4.211, 3.902, 3.877, 2.015, 3.49],
    p99_wait_s: [19.4, 24.1, 22.9, 31.7, 21.2],
  }).toHTML();
}

function wideTable(): string {
  const columns = Array.from({ length: 24 }, (_, index) => `quantile_${index * 4}`);
  return aq.table(Object.fromEntries(
    columns.map((name, index) => [name, [1, 2, 3].map((row) => row * index * 1.37)]),
  )).toHTML();
}

const LONG_CODE = `// Effect of each policy on the mean wait, paired by seed
import { compareRuns, type Effect } from "driftsched";

interface Row { readonly policy: string; readonly effect: number }

/** Paired difference against FIFO with its bootstrap interval. */
const rows: Row[] = [];
for (const policy of ["Priority", "Weighted", "SJF", "Aging"] as const) {
  const effect: Effect = await compareRuns({ baseline: "FIFO", policy, seeds: 30, statistic: "mean wait", resamples: 10_000 });
  rows.push({ policy, effect: effect.value });
}
console.log(\`\${rows.length} policies compared\`);
rows;`;

/** A notebook with an output of every kind, as the kernel would have left it. */
export function sampleNotebook(): Notebook {
  const cells: Cell[] = [
    markdownCell(
      1,
      `# Does calibration help when prompts drift?

Requests arrive with an estimate of their output length that is *wrong by design*. This notebook asks
whether learning from finished requests makes the estimate, and with it the schedule, better. In
short: **yes for the error, undecided for the tail** ([the original idea](https://example.org/paper)).

> One core, three worlds: a simulation, a replay, and live servers.

## The question

Let $b_i$ be the budget of request $i$ and $\\ell_i$ its true length. The calibrated budget is

$$
\\hat b_i = \\operatorname{clamp}\\!\\left(b_i \\cdot \\frac{\\sum_{j \\in H} w_j \\ell_j}{\\sum_{j \\in H} w_j b_j},\\; 1,\\; 1024\\right)
$$

and the error is $e_i = |\\hat b_i - \\ell_i|$. A request costs $5, two cost $10, and that is no formula.

### What would count as an answer

1. A change in mean error whose interval excludes zero.
2. A change in the tail that survives pairing by seed.
   - the same seeds on both sides
   - the same arrivals on both sides

| Claim | Paper | Here |
| --- | ---: | ---: |
| C1 error | −38.8 % | −36.2 % |
| C2 tail | −12.0 % | −1.4 % |

\`\`\`ts
const run = simulate(workload, { policy: "SJF", seed: 7 });
\`\`\``,
    ),
    codeCell(2, "// Parameters\nconst seeds = 30;\nconst requests = 3000;", {
      metadata: { tags: ["parameters"] },
    }),
    codeCell(3, LONG_CODE, {
      outputs: [
        stream("stdout", "policies compared\n"),
        stream(
          "stdout",
          Array.from({ length: 60 }, (_, i) => `seed ${i + 1}: done in 12.${i} ms`).join("\n") +
            "\n",
        ),
        stream(
          "stderr",
          "Warning: \u001b[33m2 seeds\u001b[0m were run \u001b[1;31mtwice\u001b[0m\n",
        ),
      ],
    }),
    markdownCell(4, "## What happens to the tail\n\nThe next figure answers it for every policy."),
    codeCell(5, "latencyFigure(runs)", {
      outputs: [{
        output_type: "execute_result",
        execution_count: 5,
        data: { "text/html": latencyFigure() },
        metadata: {},
      }],
    }),
    codeCell(6, "effectFigure(runs)", {
      outputs: [display({ "text/html": libraryFigure() })],
      metadata: { tags: ["remove-input"] },
    }),
    markdownCell(7, "### In numbers\n\nWaits by policy, mean and tail, in seconds."),
    codeCell(8, "table", { outputs: [display({ "text/html": arqueroTable() })] }),
    codeCell(9, "// All quantiles\nquantiles", {
      outputs: [display({ "text/html": wideTable() })],
    }),
    markdownCell(10, "## Other kinds of output"),
    codeCell(11, "everything()", {
      outputs: [
        display({
          "text/html":
            '<table class="ds-table"><caption>Verdicts</caption><thead><tr><th>Claim</th>' +
            '<th>Verdict</th></tr></thead><tbody><tr><th scope="row">C1</th><td>reproduced</td></tr>' +
            '<tr><th scope="row">C2</th><td>undecided</td></tr></tbody></table>',
        }),
        display({
          "image/svg+xml":
            '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40"><defs>' +
            '<linearGradient id="g"><stop offset="0" stop-color="#0072b2"/><stop offset="1" ' +
            'stop-color="#d55e00"/></linearGradient></defs><title>A gradient</title>' +
            '<rect width="120" height="40" rx="4" fill="url(#g)"/></svg>',
        }),
        display({ "image/png": PIXEL, "text/plain": "one pixel" }),
        display({ "text/markdown": "Some **bold** words and $\\lambda = 1.2$." }),
        display({ "text/latex": "$$\\rho = \\frac{\\lambda}{\\mu}$$" }),
        display({ "application/json": { seeds: [1, 2, 3], policy: "SJF" } }),
        display({ "text/plain": "ColumnTable: \u001b[32m5 rows\u001b[39m x 4 cols" }),
        display({ "application/x-unknown": "?" }),
      ],
    }),
    { cell_type: "raw", id: "r12", metadata: {}, source: "Raw text stays raw: <b>not bold</b>" },
    codeCell(13, 'throw new TypeError("a request of −1 tokens")', {
      outputs: [{
        output_type: "error",
        ename: "TypeError",
        evalue: "a request of −1 tokens",
        traceback: ["TypeError: a request of −1 tokens", "    at <anonymous>:1:22"],
      }],
    }),
    markdownCell(14, "## Threats to validity\n\nLength models are not people."),
  ];
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}
