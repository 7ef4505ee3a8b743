import { h, s } from "hastscript";
import { expect, test } from "vitest";
import { scopeIds } from "../../../../src/reports/html/safe/scope-ids.ts";

test("scopeIds() renames ids and every place that names one", () => {
  const figure = h("figure", { ariaLabelledBy: ["t", "d"] }, [
    h("p", { id: "t" }),
    h("a", { href: "#t" }),
    h("a", { href: "file.csv" }),
    s("svg", [
      s("clipPath", { id: "c" }),
      s("g", { clipPath: "url(#c)", style: "mask:url(#m);fill:url(#g)" }),
      s("use", { xLinkHref: "#c" }),
    ]),
  ]);
  scopeIds([figure], "o1");
  expect(figure).toEqual(
    h("figure", { ariaLabelledBy: ["o1-t", "o1-d"] }, [
      h("p", { id: "o1-t" }),
      h("a", { href: "#o1-t" }),
      h("a", { href: "file.csv" }),
      s("svg", [
        s("clipPath", { id: "o1-c" }),
        s("g", { clipPath: "url(#o1-c)", style: "mask:url(#o1-m);fill:url(#o1-g)" }),
        s("use", { xLinkHref: "#o1-c" }),
      ]),
    ]),
  );
});
