import fc from "fast-check";
import { expect, test } from "vitest";
import { logGamma } from "../../src/math/log-gamma.ts";
import { normalCdf, normalQuantile } from "../../src/math/normal-distribution.ts";
import { pow } from "../../src/math/pow.ts";
import { sinTurns } from "../../src/math/sin-turns.ts";

test("the normal distribution function agrees with erfc of a C library", () => {
  const known = [
    [-9, 1.1285884059538422e-19],
    [-5, 2.866515718791946e-7],
    [-2.5, 0.006209665325776139],
    [-1, 0.15865525393145707],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [0.3, 0.6179114221889526],
    [1.96, 0.9750021048517795],
    [4, 0.9999683287581669],
    [7.5, 0.9999999999999681],
  ];
  for (const [z, p] of known) {
    expect(Math.abs(normalCdf(z) / p - 1), `${z}`).toBeLessThan(z < -7 ? 1e-8 : 1e-10);
  }
});

test("the normal quantile agrees with Python's, and is the inverse", () => {
  const known = [
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798405],
    [1e-5, -4.2648907939228256],
    [0.01, -2.3263478740408408],
    [0.1, -1.2815515655446008],
    [0.7, 0.5244005127080407],
    [0.975, 1.9599639845400536],
    [0.9999, 3.7190164854557084],
  ];
  for (const [p, z] of known) expect(Math.abs(normalQuantile(p) / z - 1)).toBeLessThan(1e-14);
  expect(normalQuantile(0.5)).toBe(0);
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  expect(normalQuantile(1.1)).toBeNaN();
  fc.assert(fc.property(fc.double({ min: -7, max: 5, noNaN: true }), (z) => {
    expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 8);
  }));
});

test("ln Γ agrees with a C library's", () => {
  const known = [
    [1e-3, 6.907178885383854],
    [0.1, 2.2527126517342055],
    [0.5, 0.5723649429247004],
    [1.5, -0.12078223763524543],
    [3.7, 1.4280723266653883],
    [10, 12.801827480081467],
    [50.5, 146.5192554907206],
    [1e4, 82099.71749644238],
  ];
  for (const [x, y] of known) expect(Math.abs(logGamma(x) / y - 1), `${x}`).toBeLessThan(1e-13);
  expect(Math.abs(logGamma(1)) + Math.abs(logGamma(2))).toBeLessThan(1e-14);
  expect(logGamma(0)).toBeNaN();
});

test("sines and powers are those of the platform to a few last places", () => {
  fc.assert(fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (x) => {
    const turn = x - Math.round(x);
    expect(Math.abs(sinTurns(x) - Math.sin(2 * Math.PI * turn))).toBeLessThan(1e-15);
  }));
  expect([0, 0.25, 0.5, 0.75, 1].map(sinTurns).map((y) => y + 0)).toEqual([0, 1, 0, -1, 0]);
  fc.assert(fc.property(
    fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    fc.double({ min: -20, max: 20, noNaN: true }),
    (x, y) => {
      expect(Math.abs(pow(x, y) / x ** y - 1)).toBeLessThan(1e-12);
    },
  ));
  expect([pow(0, 2), pow(0, 0), pow(2, 0)]).toEqual([0, 1, 1]);
});
