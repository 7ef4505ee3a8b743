/** A licence as Frictionless Data Package has it. */
export interface Licence {
  readonly name: string;
  readonly title: string;
  readonly path: string;
}

/** Where data comes from. */
export interface Source {
  readonly title: string;
  readonly path: string;
}

/** What a person states about a bundled file; the rest is computed from the file. */
export interface ResourceFacts {
  /** Lower case, unique. */
  readonly name: string;
  /** Below `data/`: a file, or a folder with all `.md` files of its folders. */
  readonly path: string;
  readonly title: string;
  /** What it is, what was done to it, and what to know before using it. */
  readonly description: string;
  /** Name of the format in the registry of readers, where one reads it. */
  readonly traceFormat?: string;
  /** Absent: written for this project, under its licence. */
  readonly licence?: Licence;
  readonly sources?: readonly Source[];
}
