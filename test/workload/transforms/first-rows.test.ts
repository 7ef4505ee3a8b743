import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { paperWorkload } from "../../../src/paper/workload.ts";
import { firstRows } from "../../../src/workload/transforms/first-rows.ts";

const workload = paperWorkload({ requests: 300 });

test("the first requests, with the phases that they are in", () => {
  const few = firstRows(workload, 60);
  expect(few.requests.size).toBe(60);
  expect(few.requests.phases.map(({ name }) => name)).toEqual([workload.requests.phases[0].name]);
  expect(few.requests.arrival).toEqual(workload.requests.arrival.slice(0, 60));
  expect(few.requests.promptText!(59)).toBe(workload.requests.promptText!(59));
  expect(firstRows(workload, 150).requests.phases).toHaveLength(2);
  expect(firstRows(workload, 300)).toBe(workload);
});

test.each([0, 301, 1.5])("refuses %d of 300", (count) => {
  expect(() => firstRows(workload, count)).toThrow(InputError);
});
