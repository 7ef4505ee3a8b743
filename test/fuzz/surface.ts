import type { Random } from "../../src/random/substream.ts";

/** Something that is given to the program to break it. */
export interface Input {
  /** What the bytes are, and how they are given: names and options that the surface knows. */
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** A side of the program that strangers reach, ready to be given inputs. */
export interface Prober {
  /** Inputs that are as they should be, from which others are made. */
  readonly seeds: readonly Input[];
  /** Draws an input. */
  draw(random: Random): Input;
  /** What of the surface's promise an input has broken, in words; null: nothing. */
  check(input: Input): Promise<string | null>;
  close(): Promise<void>;
}

/** A side of the program that strangers reach. */
export interface Surface {
  readonly name: string;
  /** What holds for every input, in a sentence. */
  readonly promise: string;
  /** Whether an input that breaks the promise may be made smaller, byte by byte. */
  readonly shrinks: boolean;
  open(): Promise<Prober>;
}
