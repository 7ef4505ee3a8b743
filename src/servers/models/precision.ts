import { InputError } from "../../errors/input-error.ts";

/** How the linear layers of the blocks hold their weights. Embedding, head and norms keep 16 bits. */
export interface WeightPrecision {
  /** Bits of one weight, scales and zero points included; null: the model's own type. */
  readonly bitsPerWeight: number | null;
  /** Arithmetic of the products. Weights of 4 bits are multiplied as bf16. */
  readonly arithmetic: "bf16" | "fp8" | "int8";
  /** Whether only experts are stored so, as in gpt-oss. */
  readonly expertsOnly: boolean;
}

/** 4-bit weights in groups of 128, with a 16-bit scale and a 4-bit zero point each. */
export const INT4_GROUP_128 = 4 + (16 + 4) / 128;
/** 4-bit floats with an 8-bit scale for 32 of them. */
const MXFP4 = 4 + 8 / 32;

/** By the name that flags, files and the command line use. */
export const PRECISIONS = {
  bf16: { bitsPerWeight: null, arithmetic: "bf16", expertsOnly: false },
  fp8: { bitsPerWeight: 8, arithmetic: "fp8", expertsOnly: false },
  int8: { bitsPerWeight: 8, arithmetic: "int8", expertsOnly: false },
  awq: { bitsPerWeight: INT4_GROUP_128, arithmetic: "bf16", expertsOnly: false },
  gptq: { bitsPerWeight: INT4_GROUP_128, arithmetic: "bf16", expertsOnly: false },
  mxfp4: { bitsPerWeight: MXFP4, arithmetic: "bf16", expertsOnly: true },
} as const satisfies Readonly<Record<string, WeightPrecision>>;
export type Precision = keyof typeof PRECISIONS;

/** Other names of the same, as configuration files and benchmarks write them. */
const ALIASES: Readonly<Record<string, Precision>> = {
  ...{ fp16: "bf16", float16: "bf16", bfloat16: "bf16", "16": "bf16" },
  ...{ fp8_dynamic: "fp8", int8: "int8", w8a8: "int8" },
  ...{ awq_marlin: "awq", awq_int4: "awq", gptq_int4: "gptq", gptq_marlin: "gptq" },
  ...{ w4a16: "gptq", int4: "gptq" },
};

/** The precision of a name; an InputError lists those that are known. */
export function precisionNamed(name: string, file: string, field = "precision"): Precision {
  const lower = name.toLowerCase();
  if (Object.hasOwn(PRECISIONS, lower)) return lower as Precision;
  if (Object.hasOwn(ALIASES, lower)) return ALIASES[lower];
  const expected = `one of ${Object.keys(PRECISIONS).join(", ")}`;
  throw new InputError({ file, field, value: name, expected });
}
