import { expect, test } from "vitest";
import { safeAddress } from "../../../../src/reports/html/safe/address.ts";

const output = { tagName: "a", external: false, download: false };

test("safeAddress() keeps places in the page and files beside the report", () => {
  for (const address of ["#section", "error.csv", "figures/error.csv", "../figures/e-1.svg#part"]) {
    expect(safeAddress(address, output)).toBe(address);
  }
});

test("safeAddress() keeps data files only on links that download", () => {
  const file = "data:text/csv;charset=utf-8,a%2Cb%0A1%2C2";
  expect(safeAddress(file, { ...output, download: true })).toBe(file);
  expect(safeAddress(file, output)).toBeNull();
  expect(safeAddress("data:text/html,x", { ...output, download: true })).toBeNull();
  expect(safeAddress("data:image/svg+xml,x", { ...output, download: true })).toBeNull();
});

test("safeAddress() keeps links to the web only where they are asked for", () => {
  expect(safeAddress("https://a.test/x", { ...output, external: true })).toBe("https://a.test/x");
  expect(safeAddress("https://a.test/x", output)).toBeNull();
});

test("safeAddress() refuses other schemes, hosts without one, and tricks with spaces", () => {
  for (
    const address of [
      "javascript:alert(1)",
      " java\tscript:alert(1)",
      "\u0001javascript:alert(1)",
      "vbscript:x",
      "//a.test/x",
      "/\\a.test/x",
      "\\\\a.test",
      "/etc/passwd",
      "file:///etc/passwd",
      "blob:https://a.test/1",
    ]
  ) expect(safeAddress(address, { ...output, external: true, download: true }), address).toBeNull();
});

test("safeAddress() keeps pictures as data only, and no SVG among them", () => {
  const picture = { ...output, tagName: "img" };
  expect(safeAddress("data:image/png;base64,AAAA", picture)).toBe("data:image/png;base64,AAAA");
  for (const address of ["x.png", "https://a.test/x.png", "data:image/svg+xml;base64,AAAA"]) {
    expect(safeAddress(address, { ...picture, external: true })).toBeNull();
  }
});

test("safeAddress() lets SVG refer to elements of its own page only", () => {
  const use = { ...output, tagName: "use", external: true };
  expect(safeAddress("#a", use)).toBe("#a");
  expect(safeAddress("x.svg#a", use)).toBeNull();
  expect(safeAddress("data:image/svg+xml,<svg id='a'/>#a", use)).toBeNull();
});
