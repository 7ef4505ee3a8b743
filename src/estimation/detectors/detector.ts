import type * as z from "zod";
import type { ModuleReference } from "../../registry/module-definition.ts";

/** What a detector says after a value: nothing, that a change may be coming, or that one came. */
export type DriftSignal = "none" | "warning" | "drift";

/**
 * Watches a stream of numbers and says when its level is no longer what it was. After `drift` a
 * detector starts afresh: it has forgotten all values, that one included.
 */
export interface DriftDetector {
  /**
   * Takes the next value.
   *
   * @param value a finite number; 0 or 1 where the definition takes errors
   * @param now when it was measured, in seconds since the run's start; never goes back
   */
  update(value: number, now: number): DriftSignal;
  /** Forgets every value: what follows is as from a new detector. */
  reset(): void;
}

/** A detector as the registry holds it, or as a notebook's cell defines it. */
export interface DriftDetectorDefinition<Schema extends z.ZodType = z.ZodType> {
  /** Name in options and tables. */
  readonly name: string;
  /** Name in figures. @default its name */
  readonly title?: string;
  /** Options with their defaults. @default none */
  readonly options?: Schema;
  /**
   * What it takes: any numbers, or errors alone, where 1 is an error and 0 is none.
   *
   * @default "numbers"
   */
  readonly takes?: "numbers" | "errors";
  create(options: z.output<Schema>): DriftDetector;
  /** Where a worker finds the definition; set by `fromModule`. */
  readonly module?: ModuleReference;
}
