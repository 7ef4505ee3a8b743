/** Arrivals one after another. */
export interface ArrivalProcess {
  /** Seconds of the next arrival since the start, not before the last one; Infinity after the end. */
  next(): number;
}
