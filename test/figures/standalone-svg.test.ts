import { expect, test } from "vitest";
import { latencyTail } from "../../src/figures/latency-tail.ts";
import { standaloneSvg } from "../../src/figures/standalone-svg.ts";
import { PAPER } from "../../src/figures/theme/palette.ts";
import { LATENCY_TAIL, tableOf } from "./support/examples.ts";
import { parseSvg } from "./support/svg.ts";

const figure = (options = {}) => latencyTail(tableOf(LATENCY_TAIL), options);

test("a file holds title and subtitle inside the picture, the drawing below, on its own paper", () => {
  const { root, texts, all } = parseSvg(standaloneSvg(figure()));
  const { title, subtitle, picture } = figure();
  expect(texts[0]).toBe(title);
  expect(texts[1]).toBe(subtitle);
  expect(Number(root.getAttribute("height"))).toBeGreaterThan(picture.height + 40);
  expect(all("rect")[0].getAttribute("fill")).toBe(PAPER.light);
});

test("a long title runs over several lines and moves the drawing down", () => {
  const long = (latency: string) => standaloneSvg(figure({ latency }));
  const height = (svg: string) => Number(parseSvg(svg).root.getAttribute("height"));
  const [short, wrapped] = [
    long("latency"),
    long("latency of requests that were sent by the batch tier during the stress phase of the run"),
  ];
  expect(height(wrapped)).toBeGreaterThan(height(short));
  expect(parseSvg(wrapped).all("text")[0].querySelectorAll("tspan").length).toBeGreaterThan(1);
});

test("a file stands on its own: no reference leaves it", () => {
  const svg = standaloneSvg(figure());
  const outside = svg.replace('xmlns="http://www.w3.org/2000/svg"', "");
  expect(outside).not.toMatch(/https?:|url\((?!#)|@import|href=/);
});
