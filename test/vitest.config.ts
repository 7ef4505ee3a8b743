import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * Tests that compute, and neither measure time nor start servers, browsers or kernels: as many at once
 * as there are cores. The others run one after the other.
 */
const COMPUTING = [
  "analysis",
  "collections",
  "csv",
  "errors",
  "estimation",
  "fidelity",
  "gateway",
  "math",
  "paper",
  "policies",
  "random",
  "registry",
  "runs",
  "servers",
  "simulation",
  "statistics",
  "traces",
  "what-if",
  "workload",
].map((room) => `test/${room}/**/*.test.ts`);

const shared = {
  pool: "forks",
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Sweeps simulate: what an earlier run of the tests has kept would prove nothing.
  env: { TZ: "UTC", NO_COLOR: "1", DRIFTSCHED_STORE: "off" },
} as const;

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  resolve: {
    alias: [
      { find: /^driftsched$/, replacement: new URL("../src/mod.ts", import.meta.url).pathname },
      { find: /^driftsched\//, replacement: new URL("../src/", import.meta.url).pathname },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: "computing",
          include: COMPUTING,
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "timed",
          include: ["test/**/*.test.ts"],
          exclude: COMPUTING,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
