import type { RouterDefinition } from "./router.ts";

/**
 * The server with the fewest requests open, the first of equals. It knows what the gateway itself has
 * sent and nothing of other clients or of how long requests are.
 */
export const leastOpen: RouterDefinition = {
  name: "least-open",
  title: "Least open",
  create: () => ({
    choose(_request, _now, fleet) {
      let best = -1;
      for (let server = 0; server < fleet.size; server++) {
        if (!fleet.takes(server)) continue;
        if (best < 0 || fleet.open(server) < fleet.open(best)) best = server;
      }
      return best;
    },
  }),
};
