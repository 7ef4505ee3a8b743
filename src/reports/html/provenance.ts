/** How a report came to be: everything a reader needs to make it again. Times are UTC. */
export interface Provenance {
  /** Git commit of the workbench; null outside a repository. */
  readonly commit: string | null;
  /** Whether the working tree differed from `commit`. */
  readonly dirty: boolean;
  /** Version of Deno, for example `2.9.6`. */
  readonly deno: string;
  /** Version of V8. */
  readonly v8: string;
  /** Package name → installed version. */
  readonly packages: Readonly<Record<string, string>>;
  /** SHA-256 of deno.lock, hex. */
  readonly lockSha256: string;
  /** Input files with the SHA-256 (hex) of their bytes. */
  readonly data: readonly { readonly path: string; readonly sha256: string }[];
  /** Seeds in words, for example `1–30, paired`. */
  readonly seeds?: string;
  /** Notebook parameters as they were used. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Start of the execution, ISO 8601. */
  readonly startedAt: string;
  /** Duration of the execution, seconds of wall clock. */
  readonly durationSeconds: number;
}
