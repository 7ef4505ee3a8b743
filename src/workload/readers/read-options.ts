/** How strict a reader is. */
export interface ReadOptions {
  /**
   * Leaves out bad rows and says so in the report. Without it a file with any bad row is refused
   * with an InputError that lists the first 20 problems.
   *
   * @default false
   */
  readonly lenient?: boolean;
}
