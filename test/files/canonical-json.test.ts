import { expect, test } from "vitest";
import { canonicalJson } from "../../src/files/canonical-json.ts";

test("canonicalJson(value) sorts keys at every depth and leaves lists as they are", () => {
  expect(canonicalJson({ b: [{ z: 1, y: 2 }, 3], a: null })).toBe(
    '{\n  "a": null,\n  "b": [\n    {\n      "y": 2,\n      "z": 1\n    },\n    3\n  ]\n}\n',
  );
});
