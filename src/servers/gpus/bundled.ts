import bundled from "../../../data/models_gpus/gpus.json" with { type: "json" };
import { InputError } from "../../errors/input-error.ts";
import type { Gpu } from "../costs/gpu.ts";
import { type GpuCardInput, gpuOfCard } from "./card.ts";

/**
 * Bundled cards by name, as a server file uses it: 41 with peaks, measured or assumed shares and
 * their doubt (`data/models_gpus/gpus.json`).
 */
export const GPUS: Readonly<Record<string, Gpu>> = Object.fromEntries(
  (bundled.gpus as readonly GpuCardInput[]).map((row) => [row.name, gpuOfCard(row, "gpus.json")]),
);

/** NVIDIA L4, 24 GB, 72 W. */
export const L4: Gpu = GPUS.L4;

const plain = (name: string) =>
  name.toLowerCase().replace(/^nvidia |^amd /, "").replace(/[-_ ]/g, "");

/**
 * The bundled card of a name, whatever its case, spaces and hyphens, or of the start of a name that
 * only one card has (`H200`). An InputError lists the cards that come near.
 */
export function gpuNamed(name: string, file = "gpu"): Gpu {
  const names = Object.keys(GPUS);
  const exact = names.find((each) => plain(each) === plain(name));
  if (exact !== undefined) return GPUS[exact];
  const near = plain(name) === ""
    ? []
    : names.filter((each) => plain(each).startsWith(plain(name)));
  if (near.length === 1) return GPUS[near[0]];
  throw new InputError({
    file,
    field: "gpu",
    value: name,
    expected: `the path of a card's JSON, or one of ${(near.length > 0 ? near : names).join(", ")}`,
  });
}
