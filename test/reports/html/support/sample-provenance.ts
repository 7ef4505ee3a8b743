import type { Provenance } from "../../../../src/reports/html/provenance.ts";

export const sampleProvenance: Provenance = {
  commit: "0123456789abcdef0123456789abcdef01234567",
  dirty: true,
  deno: "2.9.6",
  v8: "14.2.231.5",
  packages: { "@observablehq/plot": "0.6.17", arquero: "8.0.3" },
  lockSha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  data: [{
    path: "data/lengths/burst_gpt.csv",
    sha256: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
  }],
  seeds: "1–30, paired",
  parameters: { seeds: 30, policies: ["FIFO", "SJF"], note: "it's a test" },
  startedAt: "2026-03-04T05:06:07.890Z",
  durationSeconds: 12.34,
};
