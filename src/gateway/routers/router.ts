import type * as z from "zod";
import type { ModuleReference } from "../../registry/module-definition.ts";
import type { Requests } from "../../workload/workload.ts";

/** What a router may look at: the servers behind the gateway, as the gateway knows them. */
export interface FleetView {
  /** Servers, numbered from 0. */
  readonly size: number;
  /** Requests that the gateway has open at `server`. */
  open(server: number): number;
  /** Whether `server` may be sent a request now: it takes part and has a free place. */
  takes(server: number): boolean;
}

/** Says which server gets a request. */
export interface Router {
  /** The server for `request`, one that takes requests now; asked only while there is one. */
  choose(request: number, now: number, fleet: FleetView): number;
}

/** A router as the registry holds it, or as a notebook's cell defines it. */
export interface RouterDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** Name in figures. @default its name */
  readonly title?: string;
  /** Options with their defaults. @default none */
  readonly options?: Schema;
  create(requests: Requests, options: z.output<Schema>): Router;
  /** Where a worker finds the definition; set by `fromModule`. */
  readonly module?: ModuleReference;
}
