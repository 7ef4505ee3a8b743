import { expect, test } from "vitest";
import { ClockWatch } from "../../src/live/clock-watch.ts";

/** What the watch says of the last of some looks, a second apart unless said otherwise. */
function lastOf(looks: readonly (readonly [monotonic: number, wall: number])[]) {
  const watch = new ClockWatch(2);
  return looks.map(([monotonic, wall]) => watch.look({ monotonic, wall })).at(-1);
}

test("clocks that go alike are no event", () => {
  expect(lastOf([[10, 1000], [11, 1001.01], [12.4, 1002.35]])).toBeNull();
});

test.each([
  ["set forward", 3600],
  ["set back", -3600],
])("the system's clock %s", (_what, seconds) => {
  expect(lastOf([[10, 1000], [11, 1001 + seconds]])).toEqual({ what: "wall-clock-jump", seconds });
});

test("a machine that slept while the monotonic clock stood", () => {
  expect(lastOf([[10, 1000], [10.5, 1600.5]])).toEqual({ what: "wall-clock-jump", seconds: 600 });
});

test("a process that got no turn for a while", () => {
  expect(lastOf([[10, 1000], [22, 1012]])).toEqual({ what: "process-stopped", seconds: 10 });
});
