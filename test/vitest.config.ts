import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  resolve: {
    alias: [
      { find: /^driftsched$/, replacement: new URL("../src/mod.ts", import.meta.url).pathname },
      { find: /^driftsched\//, replacement: new URL("../src/", import.meta.url).pathname },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Sweeps simulate: what an earlier run of the tests has kept would prove nothing.
    env: { TZ: "UTC", NO_COLOR: "1", DRIFTSCHED_STORE: "off" },
  },
});
