import type { Surface } from "./surface.ts";
import { driver } from "./surfaces/driver.ts";
import { journal } from "./surfaces/journal.ts";
import { live } from "./surfaces/live.ts";
import { readers } from "./surfaces/readers.ts";
import { report } from "./surfaces/report.ts";
import { twin } from "./surfaces/twin.ts";

/** Every side of the program that strangers reach. */
export const SURFACES: readonly Surface[] = [readers, twin, live, journal, report, driver];
