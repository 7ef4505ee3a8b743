import type { Outside } from "./drive.ts";
import { report } from "./drive.ts";
import type { JournaledGateway } from "./journaled-gateway.ts";
import { OpenAttempts } from "./open-attempts.ts";

/** What a twin in virtual time says after its clock was moved. */
export interface TwinTurn {
  /** Seconds on the twin's clock. */
  readonly now: number;
  /** Ids of the requests whose answers have ended in this turn, in the server's order. */
  readonly finished: readonly string[];
}

/** The clock of a twin in virtual time. */
export interface TwinTime {
  /** Goes on to `until`, or to the first finish before; Infinity: to the next finish. */
  advance(until: number): Promise<TwinTurn>;
}

/** How a run in virtual time is coupled to its twin. */
export interface VirtualTime {
  readonly twin: TwinTime;
  /** Seconds on the twin's clock at which the run's clock stands at zero. */
  readonly origin: number;
  /** Seconds on the run's clock now. */
  readonly from: number;
  /** Called whenever the run's clock moves. */
  readonly onTime: (now: number) => void;
}

/**
 * Drives a gateway in the virtual time of one twin: what is due is done, then the twin's clock goes
 * on to the next instant at which something is due, or an answer ends, whichever is first. Requests
 * are handed over one after the other, each taken in before the next is sent, so that the server
 * gets them in the gateway's order. Nothing waits for real time, but for attempts that only their
 * own time limits can end.
 *
 * Resolves to false when the signal was aborted before the end, as `driveInRealTime` does.
 */
export async function driveInVirtualTime(
  gateway: JournaledGateway,
  outside: Outside,
  { twin, origin, from, onTime }: VirtualTime,
): Promise<boolean> {
  const { clients, signal } = outside;
  const attempts = new OpenAttempts();
  const ids = new Map<string, number>();
  let now = from;
  let woken: () => void = () => {};
  attempts.onNews(() => woken());
  const abort = () => woken();
  signal.addEventListener("abort", abort);
  /** Waits until `condition` holds, or the run is broken off. */
  const until = async (condition: () => boolean) => {
    while (!condition() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        woken = resolve;
        if (condition() || signal.aborted) resolve();
      });
    }
  };

  try {
    while (!signal.aborted) {
      for (const ended of inOrder(attempts, ids)) report(gateway, ended, { at: now, origin });
      gateway.tick(now);
      const { entries, commands } = gateway.take();
      outside.append(entries);
      for (const command of commands) {
        if (command.do === "abort") attempts.abort(command.request, command.attempt);
        else if (command.do === "probe") {
          gateway.probed(command.server, now, await outside.probe(command.server, signal));
        } else {
          await takenIn(
            attempts.send(clients[command.server], outside.callOf(command), command),
          );
        }
      }
      outside.onTurn?.(now);
      if (gateway.ended) return true;
      if (signal.aborted) break;
      // An attempt that ended at once, or a probe, may lead to more at this very instant.
      if (attempts.news || commands.some((command) => command.do !== "send")) continue;

      const timer = gateway.nextTimer(now);
      const target = timer + origin;
      const turn = await twin.advance(target);
      // Going there and back between two clocks may lose the last bit, and with it the timer.
      now = turn.now >= target ? timer : Math.max(now, turn.now - origin);
      onTime(now);
      ids.clear();
      turn.finished.forEach((id, place) => ids.set(id, place));
      await until(() => !turn.finished.some((id) => attempts.has(id)));
      // Nothing left to wait for in the twin's time: only a time limit ends what is open.
      if (turn.finished.length === 0 && now < timer && attempts.size > 0) {
        await until(() => attempts.news);
      }
    }
    return false;
  } finally {
    signal.removeEventListener("abort", abort);
    attempts.abortAll();
  }
}

/** Real ms in which a server says that it has a request, unless it is to be slow (a fault). */
const TAKEN_IN_MS = 2000;

/** Waits for `sent`, but not for ever: headers that come late do so in the twin's time. */
async function takenIn(sent: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, TAKEN_IN_MS);
  });
  await Promise.race([sent, late]);
  clearTimeout(timer);
}

/** What has ended, in the order in which the server ended it; what it does not name comes first. */
function inOrder(attempts: OpenAttempts, places: ReadonlyMap<string, number>) {
  const placeOf = (id: string) => places.get(id) ?? -1;
  return attempts.take().sort((a, b) =>
    placeOf(a.exchange.requestId) - placeOf(b.exchange.requestId)
  );
}
