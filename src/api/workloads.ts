/**
 * Making, transforming and describing workloads.
 *
 * @module
 */
export { ArrivalSpec } from "../workload/generators/arrivals/arrival-spec.ts";
export { DriftSpec } from "../workload/generators/drift.ts";
export { describeFit } from "../workload/generators/fit/describe-fit.ts";
export {
  FitOptions,
  type FittedStream,
  type WorkloadFit,
} from "../workload/generators/fit/fit-workload.ts";
export { type GoodnessRow, TOLERANCES } from "../workload/generators/fit/goodness.ts";
export { TokenLengthSpec } from "../workload/generators/lengths/token-length-spec.ts";
export { PromptSpec, TextScope, TurnsSpec } from "../workload/generators/prompts/prompt-spec.ts";
export {
  RequestClass,
  StreamSpec,
  WorkloadSpec,
  type WorkloadSpecInput,
} from "../workload/generators/workload-spec.ts";
export { contentOfPieces, type Piece } from "../workload/content-of-pieces.ts";
export { promptContent } from "../workload/content-of-prompts.ts";
export { LengthSpec, lengthSpecOver } from "../workload/lengths/length-spec.ts";
export {
  arrivalCounts,
  arrivalGaps,
  arrivalRate,
  type Arrivals,
  arrivalSpan,
  indexOfDispersion,
} from "../workload/statistics/arrivals.ts";
export type { LabelShare } from "../workload/statistics/label-shares.ts";
export type { ArrivalSummary } from "../workload/statistics/summarize-arrivals.ts";
export type { NumberSummary } from "../workload/statistics/summarize-numbers.ts";
export {
  type PromptsSeen,
  sharedPrefixShare,
  sharedPrefixTokens,
} from "../workload/statistics/shared-prefixes.ts";
export {
  summarizeWorkload,
  type WorkloadSummary,
} from "../workload/statistics/summarize-workload.ts";
export { type Tier, TIERS } from "../workload/tiers.ts";
export { capLengths, CapLengthsOptions } from "../workload/transforms/cap-lengths.ts";
export { categoriesByClient } from "../workload/transforms/categories-by-client.ts";
export { categoriesByPromptLength } from "../workload/transforms/categories-by-prompt-length.ts";
export { mapTenants, MapTenantsOptions } from "../workload/transforms/map-tenants.ts";
export { mapTiers, MapTiersOptions } from "../workload/transforms/map-tiers.ts";
export { MergeOptions, mergeWorkloads } from "../workload/transforms/merge-workloads.ts";
export { rampUp } from "../workload/transforms/ramp-up.ts";
export { RepeatOptions, repeatWorkload } from "../workload/transforms/repeat-workload.ts";
export { resampleBlocks } from "../workload/transforms/resample-blocks.ts";
export { scaleTime } from "../workload/transforms/scale-time.ts";
export {
  offeredLoad,
  scaleToRate,
  scaleToUtilisation,
  type ServerLoad,
} from "../workload/transforms/scale-to-rate.ts";
export { sessionsByPrefix } from "../workload/transforms/sessions-by-prefix.ts";
export { splitByTime, SplitOptions, type TimeSplit } from "../workload/transforms/split-by-time.ts";
export { thin, ThinOptions } from "../workload/transforms/thin.ts";
export { timeWindow, TimeWindowOptions } from "../workload/transforms/time-window.ts";
export {
  meanWordsPerToken,
  MEASURED_CATEGORIES,
  WORDS_PER_TOKEN,
} from "../workload/words-per-token.ts";
export type { PromptContent } from "../workload/prompt-content.ts";
export type { Phase, PromptBlocks } from "../workload/workload.ts";
