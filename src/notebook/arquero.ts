/**
 * Arquero as a cell imports it (`import * as aq from "arquero"`, see `imports` in deno.json): the
 * library itself, in a kernel whose cells show tables.
 *
 * @module
 */
import { notebook } from "./notebook.ts";

export * from "arquero";

notebook();
