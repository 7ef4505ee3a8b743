import { fromHtml } from "hast-util-from-html";
import { toHtml } from "hast-util-to-html";
import { InputError } from "../../../src/errors/input-error.ts";
import { type Random, uniformInt } from "../../../src/random/substream.ts";
import { exportHtml } from "../../../src/reports/html/export-html.ts";
import { readNotebook } from "../../../src/reports/notebook-file.ts";
import { actorsIn } from "../../reports/html/support/actors-in.ts";
import { attackNotebook, ATTACKS } from "../../reports/html/support/attack-notebook.ts";
import { sampleProvenance } from "../../reports/html/support/sample-provenance.ts";
import { HOSTILE, mutated, pick } from "../mutate.ts";
import type { Input, Prober, Surface } from "../surface.ts";

const FOLDER = new URL("../../fixtures/", import.meta.url);
const NOTEBOOKS = [
  "jupyter/plot-and-table.ipynb",
  "jupyter/three-cells.ipynb",
  "notebooks/small.ipynb",
  "notebooks/failing.ipynb",
];
const encoder = new TextEncoder();

const TYPES = [
  ...["text/html", "image/svg+xml", "text/markdown", "text/latex", "text/plain", "image/png"],
  ...["application/json", "application/vnd.vega.v5+json", "application/javascript", "x"],
];

/** Markup of nested, unclosed and foreign elements, put together of attacks. */
function markup(random: Random): string {
  const part = () => {
    const attack = random.next() < 0.7 ? pick(random, ATTACKS) : pick(random, HOSTILE);
    const wrap = pick(random, [
      ...["<svg>*</svg>", "<math><mtext>*</mtext></math>", "<table><tr><td>*", "<p title='*'>"],
      ...["<style>*</style>", '<p style="color:*">', "<!--*-->", "<![CDATA[*]]>", "<title>*"],
      ...["<svg><style>*", "<noscript>*</noscript>", "<template>*</template>", "<a href='*'>", "*"],
    ]);
    return wrap.replace("*", () => attack);
  };
  return Array.from({ length: 1 + uniformInt(random, 4) }, part).join("");
}

/** A notebook with hostile outputs of a kind that is well-formed. */
function notebook(random: Random): unknown {
  const text = () => {
    const made = markup(random);
    return random.next() < 0.5
      ? made
      : new TextDecoder().decode(mutated(encoder.encode(made), random));
  };
  const output = () => {
    const draw = random.next();
    if (draw < 0.1) return { output_type: "stream", name: "stdout", text: text() };
    if (draw < 0.2) {
      return { output_type: "error", ename: text(), evalue: text(), traceback: [text()] };
    }
    const data = { [pick(random, TYPES)]: random.next() < 0.95 ? text() : { a: [text()] } };
    return { output_type: "display_data", data, metadata: {} };
  };
  const cells = Array.from({ length: 1 + uniformInt(random, 3) }, (_, i) => {
    // Code is the author's own: it may say anything, but its lines are no longer than people write.
    const source = text().slice(0, 300);
    const common = { id: `c${i}`, metadata: {}, source };
    if (random.next() < 0.4) return { ...common, cell_type: "markdown" };
    const outputs = Array.from({ length: uniformInt(random, 4) }, output);
    return { ...common, cell_type: "code", execution_count: null, outputs };
  });
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

/** What is wrong with a page, in words. */
function wrongPage(html: string): string | null {
  const [actor] = actorsIn(html);
  if (actor !== undefined) return `something that can act: ${actor}`;
  const complaints: string[] = [];
  const tree = fromHtml(html, {
    onerror({ ruleId, reason }) {
      complaints.push(`${ruleId}: ${reason}`);
    },
  });
  if (complaints.length > 0) return `a page that is not well-formed: ${complaints[0]}`;
  // What a parser makes of the page is the page: nothing was put elsewhere.
  return toHtml(tree) === toHtml(fromHtml(toHtml(tree))) ? null : "a page that is read otherwise";
}

/** Notebooks, and what their cells have put out, on their way to a page. */
export const report: Surface = {
  name: "report",
  promise: "any notebook becomes a well-formed page without a script and without a request to " +
    "anywhere, or is refused in a sentence",
  shrinks: true,
  async open(): Promise<Prober> {
    const path = await Deno.makeTempFile({ suffix: ".ipynb" });
    const seeds: Input[] = await Promise.all(NOTEBOOKS.map(async (name) => ({
      kind: "notebook",
      bytes: await Deno.readFile(new URL(name, FOLDER)),
    })));
    const one = attackNotebook(ATTACKS.slice(0, 2));
    seeds.push({ kind: "notebook", bytes: encoder.encode(JSON.stringify(one)) });
    return {
      seeds,
      draw(random) {
        const made = encoder.encode(JSON.stringify(notebook(random)));
        if (random.next() < 0.6) return { kind: "notebook", bytes: made };
        const seed = random.next() < 0.5 ? made : pick(random, seeds).bytes;
        return { kind: "notebook", bytes: mutated(seed, random, made) };
      },
      async check({ bytes }) {
        await Deno.writeFile(path, bytes);
        try {
          const read = await readNotebook(path);
          return wrongPage(
            await exportHtml(read, { name: "hostile", provenance: sampleProvenance }),
          );
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          return error.message.includes(path)
            ? null
            : `a refusal without the file: ${error.message}`;
        }
      },
      close: () => Deno.remove(path),
    };
  },
};
