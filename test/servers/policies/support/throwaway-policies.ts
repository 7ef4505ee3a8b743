// Policies that no server ships: they use what the interface allows, evictions and orders that
// change among them, so that both engines can be held against each other.
import { OrderedQueue } from "../../../../src/servers/policies/ordered-queue.ts";
import type {
  RequestSequence,
  ServerPolicy,
  ServerPolicyDefinition,
  ServerView,
} from "../../../../src/servers/policies/server-policy.ts";
import type { WaitingQueue } from "../../../../src/servers/policies/waiting-queue.ts";

/** The place of the largest key, among equals the latest arrival; -1 when nobody runs. */
function placeOfLargest(
  { items, size }: RequestSequence,
  view: ServerView,
  key: (request: number) => number,
): number {
  let largest = size > 0 ? 0 : -1;
  for (let place = 1; place < size; place++) {
    const request = items[place], other = items[largest];
    const difference = key(request) - key(other);
    if (
      difference > 0 ||
      (difference === 0 && view.arrivalRank[request] > view.arrivalRank[other])
    ) largest = place;
  }
  return largest;
}

/** Smallest key first; who runs with a larger key than the head's yields to it. */
function preemptive(
  view: ServerView,
  key: (request: number) => number,
  stableSteps: (queue: WaitingQueue) => number,
): ServerPolicy {
  const queue = new OrderedQueue(key);
  return {
    queue: () => queue,
    victim: (running) => placeOfLargest(running, view, key),
    evicts(head, running) {
      const place = placeOfLargest(running, view, key);
      return place >= 0 && key(running.items[place]) > key(head) ? place : -1;
    },
    stableSteps: () => stableSteps(queue),
  };
}

const LEVEL = 8;

/** Attained service in levels: token by token sequences would preempt each other all the time. */
const levelOf = (view: ServerView) => (request: number) =>
  Math.floor(view.attained(request) / LEVEL);

/** Least attained service, asked in every step. */
export const leastAttained: ServerPolicyDefinition = {
  name: "least-attained",
  create: (view) => preemptive(view, levelOf(view), () => 1),
};

/** The same, which works out when the first running sequence has passed the head. */
export const leastAttainedAhead: ServerPolicyDefinition = {
  name: "least-attained-ahead",
  create: (view) =>
    preemptive(view, levelOf(view), (queue) => {
      const { items, size } = view.running();
      let most = 0;
      for (let place = 0; place < size; place++) {
        most = Math.max(most, view.attained(items[place]));
      }
      const passed = LEVEL * (levelOf(view)(queue.head) + 1);
      return Math.max(1, passed - most);
    }),
};

/** Shortest remaining cap: keys of waiting requests stand, those of running ones fall. */
export const shortestRemainingCap: ServerPolicyDefinition = {
  name: "shortest-remaining-cap",
  create: (view) =>
    preemptive(view, (request) => view.maxTokens[request] - view.attained(request), () => Infinity),
};

/** Shortest prompt first; the longest prompt is preempted. Nobody yields, nothing changes. */
export const shortestPrompt: ServerPolicyDefinition = {
  name: "shortest-prompt",
  create: (view) => ({
    queue: () => new OrderedQueue((request) => view.promptTokens[request]),
    victim: (running) => placeOfLargest(running, view, (request) => view.promptTokens[request]),
    stableSteps: () => Infinity,
  }),
};

const TURN = 7;

/** Seven steps longest wait first, seven steps latest first. */
export const turns: ServerPolicyDefinition = {
  name: "turns",
  create(view) {
    const waiting: number[] = [];
    const latest = () => Math.floor(view.steps / TURN) % 2 === 1;
    const before = (a: number, b: number) => {
      const since = view.waitingSince[a] - view.waitingSince[b];
      const order = since !== 0 ? since : view.arrivalRank[a] - view.arrivalRank[b];
      return latest() ? -order : order;
    };
    const add = (request: number) => void waiting.push(request);
    const take = (request: number) => {
      const place = waiting.indexOf(request);
      if (place >= 0) waiting.splice(place, 1);
    };
    const queue = {
      get size() {
        return waiting.length;
      },
      get head() {
        return waiting.reduce((head, each) => head < 0 || before(each, head) < 0 ? each : head, -1);
      },
      add,
      putBack: add,
      pop: () => take(queue.head),
      remove: take,
    };
    return {
      queue: () => queue,
      // Always the same one: if victims took turns, nobody might get on.
      victim: (running) => placeOfLargest(running, view, () => 0),
      stableSteps: () => TURN - view.steps % TURN,
    };
  },
};

/** Fewest tokens that the cache lacks on arrival; the newest is preempted. */
export const fewestUncached: ServerPolicyDefinition = {
  name: "fewest-uncached",
  create: () => ({
    queue: (view) =>
      new OrderedQueue((request) => view.promptTokens[request] - view.cachedTokens(request)),
    victim: (running) => running.size - 1,
    victimIsLast: true,
    readsCache: true,
    stableSteps: () => Infinity,
  }),
};

export const THROWAWAY_POLICIES = [
  leastAttained,
  leastAttainedAhead,
  shortestRemainingCap,
  shortestPrompt,
  turns,
  fewestUncached,
] as const;
