import { expect, test } from "vitest";
import { clientSkew } from "../../src/analysis/client-skew.ts";

test("clients count from the largest; requests without a client are left out", () => {
  const clients = { codes: Uint8Array.of(1, 1, 2, 0, 1, 3), names: ["", "a", "b", "c", "unused"] };
  expect(clientSkew([{ trace: "a", unit: "clients", clients }]).objects()).toEqual([
    { trace: "a", unit: "clients", rank: 1, of: 3, share: 0.6, equal: 1 / 3 },
    { trace: "a", unit: "clients", rank: 2, of: 3, share: 0.8, equal: 2 / 3 },
    { trace: "a", unit: "clients", rank: 3, of: 3, share: 1, equal: 1 },
  ]);
  const many = {
    codes: Int32Array.from({ length: 5000 }, (_, i) => i),
    names: Array.from({ length: 5000 }, (_, i) => `s${i}`),
  };
  const ranks = clientSkew([{ trace: "a", unit: "sessions", clients: many }])
    .array("rank") as number[];
  expect(ranks.length).toBeLessThan(100);
  expect(ranks.at(-1)).toBe(5000);
});

test("whoever sends equally many lies on the line of equals; nobody at all has no row", () => {
  const clients = { codes: Uint8Array.of(0, 1, 2, 3, 3, 2, 1, 0), names: ["a", "b", "c", "d"] };
  const rows = clientSkew([{ trace: "a", unit: "sessions", clients }]).objects() as {
    share: number;
    equal: number;
  }[];
  expect(rows.map(({ share }) => share)).toEqual(rows.map(({ equal }) => equal));
  const nobody = { codes: Uint8Array.of(0, 0), names: ["", "unused"] };
  expect(clientSkew([{ trace: "a", unit: "clients", clients: nobody }]).numRows()).toBe(0);
});
