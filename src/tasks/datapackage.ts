/**
 * `deno task datapackage`: writes `data/datapackage.json` from the files under `data/` and the
 * schemas of their readers. Same files, same bytes.
 */
import { buildDataPackage, type DataPackage } from "../files/data-package/build-data-package.ts";
import { DATA_FOLDER } from "../files/read-bundled.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { exitWith } from "./command-line.ts";

/** Text of the file. */
export function dataPackageText(dataPackage: DataPackage): string {
  return `${JSON.stringify(dataPackage, null, 2)}\n`;
}

if (import.meta.main) {
  await exitWith(async () => {
    const dataPackage = await buildDataPackage();
    const url = new URL("datapackage.json", DATA_FOLDER);
    await writeAtomically(url, dataPackageText(dataPackage));
    const bytes = dataPackage.resources.reduce((sum, resource) => sum + resource.bytes, 0);
    console.log(
      `data/datapackage.json: ${dataPackage.resources.length} resources, ${
        (bytes / 1024).toFixed(0)
      } KiB`,
    );
    return 0;
  });
}
