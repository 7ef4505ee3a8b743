import { expect, test } from "vitest";
import { measuredTtft } from "../../../../src/workload/readers/parsing/measured-ttft.ts";

test("a TTFT that is none is not known", () => {
  expect(measuredTtft(0.5, 2, 9)).toEqual({ ttft: 0.5, inOnePiece: false });
  expect(measuredTtft(2, 2, 1)).toEqual({ ttft: 2, inOnePiece: false });
  for (const ttft of [0, null, undefined, NaN, 2]) {
    expect(measuredTtft(ttft, 2, 9)).toEqual({ ttft: NaN, inOnePiece: true });
  }
});
