import { substream } from "../../random/substream.ts";
import type { FaultSpec } from "./fault-spec.ts";

/** Decides which request suffers what. */
export interface FaultPlan {
  /**
   * The fault of a request that has come; null: none.
   * @param id the client's id of the request, by which a share is drawn: so neither the order nor
   * the instants matter. Its attempts differ. null: drawn by its number.
   * @param now seconds on the twin's clock
   */
  next(id: string | null, now: number): FaultSpec | null;
}

const strikesServer = ({ kind, at }: FaultSpec) =>
  at !== undefined && (kind === "refuse" || kind === "restart");

/** Faults that strike the server at an instant, requests or not. */
export function serverFaults(faults: readonly FaultSpec[]): readonly FaultSpec[] {
  return faults.filter(strikesServer);
}

/** The plan of `faults`, those of {@link serverFaults} left out. Same seed and ids: same faults. */
export function faultPlan(faults: readonly FaultSpec[], seed: number): FaultPlan {
  const drawn = faults.some(({ share }) => share !== undefined);
  const attempts = new Map<string, number>();
  const spent = new Set<FaultSpec>();
  let count = 0;
  return {
    next(id, now) {
      count++;
      const key = id === null ? `request ${count}` : `id ${id}`;
      const attempt = (attempts.get(key) ?? 0) + 1;
      if (drawn && id !== null) attempts.set(key, attempt);
      for (const [place, fault] of faults.entries()) {
        const { share, nth, at } = fault;
        if (share !== undefined) {
          const draw = substream(seed, `twin/fault/${place}/${key}/${attempt}`).next();
          if (draw < share) return fault;
        } else if (nth !== undefined) {
          if (typeof nth === "number" ? nth === count : nth.includes(count)) return fault;
        } else if (!strikesServer(fault) && now >= at! && !spent.has(fault)) {
          spent.add(fault);
          return fault;
        }
      }
      return null;
    },
  };
}
