import { h, s } from "hastscript";
import { expect, test } from "vitest";
import { safeProperties } from "../../../../src/reports/html/safe/properties.ts";

const inside = { external: false };

test("safeProperties() keeps what a mark of a figure carries", () => {
  const properties = {
    transform: "translate(40,335.16)",
    d: "M0,0L-6e-5,0Z",
    stroke: "#0072b2",
    strokeDashArray: "2 4",
    clipPath: "url(#c)",
    ariaLabel: "dot <1>",
  };
  expect(safeProperties(s("path", properties), inside)).toEqual(properties);
});

test("safeProperties() drops addresses, CSS, geometry and ids that are none", () => {
  const element = s("a", {
    href: "javascript:alert(1)",
    fill: "url(//a.test/x)",
    transform: "url(//a.test/x)",
    style: "position:fixed",
    id: 'x" onload="',
    tabIndex: 5,
    ariaLabel: "kept",
  });
  expect(safeProperties(element, inside)).toEqual({ ariaLabel: "kept" });
});

test("safeProperties() keeps the allowed part of a style", () => {
  expect(safeProperties(h("p", { style: "color:red;position:fixed" }), inside)).toEqual({
    style: "color:red",
  });
});

test("safeProperties() keeps a data file on a link that downloads and web links where asked", () => {
  const file = { href: "data:text/csv;base64,YQ==", download: "a.csv" };
  expect(safeProperties(h("a", file), inside)).toEqual(file);
  expect(safeProperties(h("a", { href: file.href }), inside)).toEqual({});
  const web = { href: "https://a.test/" };
  expect(safeProperties(h("a", web), inside)).toEqual({});
  expect(safeProperties(h("a", web), { external: true })).toEqual(web);
});
