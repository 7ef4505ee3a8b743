import { withEndings } from "../../errors/with-endings.ts";
import { basename, join } from "node:path";

/**
 * Names of the notebooks that `deno fmt` would write differently. `deno fmt --check` cannot say it:
 * Deno 2.9.6 calls every notebook unformatted that its cache does not know. So copies are formatted
 * and compared.
 *
 * @param root folder of the `deno.json` whose options count
 */
export async function unformattedNotebooks(
  paths: readonly string[],
  root: string,
): Promise<string[]> {
  const { fmt } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const folder = await Deno.makeTempDir();
  const compare = async () => {
    await Deno.writeTextFile(
      join(folder, "deno.json"),
      JSON.stringify({ fmt: { lineWidth: fmt.lineWidth } }),
    );
    const copies = paths.map((path) => join(folder, basename(path)));
    await Promise.all(paths.map((path, i) => Deno.copyFile(path, copies[i])));
    const args = ["fmt", "--quiet", ...copies];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: folder })
      .output();
    if (!success) throw new Error(`deno fmt failed: ${new TextDecoder().decode(stderr).trim()}`);
    const same = await Promise.all(
      paths.map(async (path, i) =>
        await Deno.readTextFile(path) === await Deno.readTextFile(copies[i])
      ),
    );
    return paths.filter((_, i) => !same[i]);
  };
  return await withEndings(compare, () => Deno.remove(folder, { recursive: true }));
}
