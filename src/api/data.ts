/**
 * Bundled data and recordings, opened by name.
 *
 * @module
 */
export { loadArenaMeasured, loadArenaTrace } from "../files/load-arena.ts";
export { loadLengthModels } from "../files/load-length-models.ts";
export {
  loadChatRecording,
  loadCpuRecording,
  type LoadedLiveRun,
  type LoadedRecording,
  loadL4Points,
  loadL4Recording,
  loadLiveRun,
  loadServerFile,
  type LoggedRecording,
} from "../files/load-recordings.ts";
export { openBundled } from "../files/open-bundled.ts";
export { type OpenedServer, openServer } from "../files/open-server.ts";
