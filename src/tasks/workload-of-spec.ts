import { resolve } from "node:path";
import { parseJson } from "../errors/parse-json.ts";
import { parseWith } from "../errors/parse-with.ts";
import { readBytes } from "../files/read-bytes.ts";
import { generateWorkload } from "../workload/generators/generate-workload.ts";
import { WorkloadSpec } from "../workload/generators/workload-spec.ts";
import type { Workload } from "../workload/workload.ts";

/**
 * The workload of a generator's spec in a JSON file; an InputError names the file.
 *
 * @param file as the user wrote it, relative to `folder`
 */
export async function workloadOfSpec(file: string, folder: string): Promise<Workload> {
  const text = new TextDecoder().decode(await readBytes(resolve(folder, file)));
  const spec = parseJson(text, file, "a workload spec in JSON");
  return generateWorkload(parseWith(WorkloadSpec, spec, file));
}
