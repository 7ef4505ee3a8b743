import type { ResourceFacts } from "./resource-facts.ts";

const FACTS = {
  name: "other-pd",
  title: "Facts and numbers, each row with its source",
  path: "https://opendefinition.org/licenses/",
};

/** Shapes of models, data of cards, and what public starts and runs of vLLM say of both. */
export const MODELS_AND_GPUS: readonly ResourceFacts[] = [
  {
    name: "model-shapes",
    path: "models_gpus/models.json",
    title: "Shapes of 60 models, with checked parameter counts",
    description: "Sizes as in their config.json, and the architectures that are refused by name.",
    licence: FACTS,
  },
  {
    name: "gpu-cards",
    path: "models_gpus/gpus.json",
    title: "41 cards: peaks, and the shares of them that were measured",
    description: "Data sheets, partly recalled; what is assumed and not measured says so.",
    licence: FACTS,
  },
  {
    name: "kv-blocks",
    path: "models_gpus/kv_blocks.csv",
    title: "KV pools that 41 starts of vLLM logged",
    description: "Flags, logged parts of the memory and KV sizes; a letter says how reliable.",
    licence: FACTS,
  },
  {
    name: "measured-points",
    path: "models_gpus/measured_points.csv",
    title: "189 public serving measurements on 13 cards",
    description: "Numbers retyped from public sources; a letter says how reliable a row is.",
    licence: FACTS,
  },
];
