/** What the gateway knows of one server. */
interface ServerState {
  /** Requests open there. */
  open: number;
  /** Whether it takes part. */
  in: boolean;
  /** Failures in a row that were its fault. */
  failures: number;
  /** Asked to be left alone until then. */
  heldUntil: number;
  /** When it is probed next, Infinity while it is in or a probe is under way; and how often it was. */
  probeAt: number;
  probes: number;
}

/** A server that nothing is known of yet. */
const unused = (): ServerState => ({
  open: 0,
  in: true,
  failures: 0,
  heldUntil: 0,
  probeAt: Infinity,
  probes: 0,
});

/** The servers of a run: who takes part, and who has the fewest requests open. */
export class ServerPool {
  readonly servers: readonly ServerState[];
  /** Since when no server has taken part; Infinity while one does. */
  noneSince = Infinity;

  constructor(count: number) {
    this.servers = Array.from({ length: count }, unused);
  }

  /** A process takes the run up: nothing is open, and every server gets a chance. */
  reset(): void {
    for (const server of this.servers) Object.assign(server, unused());
    this.noneSince = Infinity;
  }

  get open(): number {
    return this.servers.reduce((sum, { open }) => sum + open, 0);
  }

  /** Whether `server` may be sent something at `now`. */
  takes(server: number, now: number): boolean {
    const { in: taking, heldUntil } = this.servers[server];
    return taking && heldUntil <= now;
  }

  /** The server with the fewest open requests, below `window`, the first of equals; -1: none. */
  freest(now: number, window: number): number {
    let best = -1;
    for (let i = 0; i < this.servers.length; i++) {
      const { open } = this.servers[i];
      if (open >= window || !this.takes(i, now)) continue;
      if (best < 0 || open < this.servers[best].open) best = i;
    }
    return best;
  }

  takeOut(server: number, at: number): void {
    Object.assign(this.servers[server], { in: false, probes: 0, probeAt: Infinity });
    if (this.servers.every((each) => !each.in)) this.noneSince = Math.min(this.noneSince, at);
  }

  takeIn(server: number): void {
    Object.assign(this.servers[server], { in: true, failures: 0, probeAt: Infinity });
    this.noneSince = Infinity;
  }

  /** The next instant after `now` at which a server wants attention. */
  nextTimer(now: number): number {
    let next = Infinity;
    for (const { probeAt, heldUntil } of this.servers) {
      next = Math.min(next, probeAt);
      if (heldUntil > now) next = Math.min(next, heldUntil);
    }
    return next;
  }
}
