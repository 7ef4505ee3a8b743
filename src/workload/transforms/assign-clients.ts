import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { type Random, weightedIndex } from "../../random/substream.ts";
import type { Labels } from "../workload.ts";

/** Shares of the requests by name: relative numbers, of which one is above 0. */
export const Shares = z.record(z.string().min(1), z.number().min(0))
  .refine((shares) => Object.values(shares).some((share) => share > 0), {
    error: "at least one share above 0",
  });

/** Requests of each name of the dictionary. */
export function requestsByName({ codes, names }: Labels): Int32Array {
  const counts = new Int32Array(names.length);
  for (const code of codes) counts[code]++;
  return counts;
}

/** Codes of the dictionary, most requests first; of equal ones the first in the dictionary. */
export function byRequests(labels: Labels): number[] {
  const counts = requestsByName(labels);
  return labels.names.map((_, code) => code).sort((a, b) => counts[b] - counts[a] || a - b);
}

/**
 * Place among `shares` of each client, so that requests come near the shares: the largest client
 * first, each goes where most is missing. Shape (names of `clients`).
 */
export function assignByShare(clients: Labels, shares: readonly number[]): Uint16Array {
  const counts = requestsByName(clients);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const missing = shares.map((share) => share / total * clients.codes.length);
  const placeOf = new Uint16Array(clients.names.length);
  for (const code of byRequests(clients)) {
    let place = 0;
    for (let i = 1; i < missing.length; i++) if (missing[i] > missing[place]) place = i;
    placeOf[code] = place;
    missing[place] -= counts[code];
  }
  return placeOf;
}

/** Place among `shares` of each request, drawn for itself. Shape (n). */
export function drawByShare(random: Random, shares: readonly number[], n: number): Uint16Array {
  return Uint16Array.from({ length: n }, () => weightedIndex(random, shares));
}

/** Codes as small as the number of names allows. */
export function labelsOf(places: Uint16Array, names: readonly string[]): Labels {
  return { codes: names.length <= 0x100 ? Uint8Array.from(places) : places, names };
}

/**
 * Place among `names` of each client by a table; an InputError for a client that it lacks. Clients
 * without a request may be missing.
 */
export function assignByName(
  clients: Labels,
  table: Readonly<Record<string, string>>,
  { names, file }: { readonly names: readonly string[]; readonly file: string },
): Uint16Array {
  const counts = requestsByName(clients);
  return Uint16Array.from(clients.names, (client, code) => {
    const name = Object.hasOwn(table, client) ? table[client] : undefined;
    if (name !== undefined) return names.indexOf(name);
    if (counts[code] === 0) return 0;
    throw new InputError({
      file,
      field: "assign",
      value: Object.keys(table),
      expected: `an entry for every client: ${client} has ${counts[code]} requests`,
    });
  });
}
